//! Knows neither the contract nor the tables: settings, the log, traces and metrics, sockets and signals, and the way to Redis.

pub mod clients;
pub mod clock;
pub mod listener;
pub mod metrics;
pub mod paging;
pub mod program;
pub mod redis;
pub mod settings;
pub mod telemetry;
pub mod text;
pub mod tls;
