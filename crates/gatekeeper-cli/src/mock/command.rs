//! The command.

use super::{Mock, Mocked, prepare};
use crate::{load, print};
use actix_web::{
    App, HttpServer,
    rt::System,
    web::{Data, ServiceConfig},
};
use anyhow::{Context, Result, bail};
use clap::Args;
use gatekeeper::{Contract, Gate, Observer, Routes, Served, mount};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc};

/// Arguments of `gatekeeper mock`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The contract, YAML or JSON.
    contract: PathBuf,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4010")]
    address: SocketAddr,
    /// The roles that `x-access-role` may name, least first; a credential `role.NAME` has that one.
    #[arg(long, value_delimiter = ',', value_name = "ROLE,...")]
    roles: Vec<String>,
    /// Refuse every credential.
    #[arg(long)]
    deny: bool,
    /// An origin whose scripts may read the answers, e.g. `http://localhost:3000`.
    #[arg(long, value_name = "ORIGIN")]
    cors: Vec<String>,
    /// Print no line for each request.
    #[arg(long)]
    quiet: bool,
}

/// Prints a line for each request.
struct Lines;

impl Observer for Lines {
    fn served(&self, served: &Served<'_>) {
        let operation = served.operation.unwrap_or("-");
        let reason = served.reason.or(served.code).unwrap_or_default();
        let (method, status) = (served.method, served.status);
        let line = format!("{status} {method} {operation} {reason}");
        // Nobody may be reading, which is no reason to stop.
        let _ = print::lines([line.trim_end()]);
    }
}

/// Serves a mock until it is stopped.
///
/// # Errors
///
/// A contract that cannot be read or served, and an address that is taken.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let name = arguments.contract.display();
    let text = load(&arguments.contract)?.to_string();
    let prepared = prepare(&text, &arguments.roles, |builder| {
        let builder = builder.cors_origins(arguments.cors.clone());
        if arguments.quiet {
            builder
        } else {
            builder.observer(Arc::new(Lines))
        }
    });
    let Mocked {
        contract,
        roles,
        notices,
        ..
    } = match prepared {
        Ok(mocked) => mocked,
        Err(defects) => {
            print::lines(defects.iter().map(|defect| format!("{name}: {defect}")))?;
            bail!("{name} cannot be served");
        }
    };
    print::lines(
        notices
            .iter()
            .map(|notice| format!("{name}: notice: {notice}")),
    )?;
    let service = Mock {
        deny: arguments.deny,
        roles,
    };
    System::new().block_on(serve(Arc::new(contract), service, arguments.address))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(contract: Arc<Contract>, service: Mock, address: SocketAddr) -> Result<()> {
    Routes::unimplemented::<Mock>(&contract).check(&contract)?;
    let operations = contract.operations().count();
    let server = HttpServer::new(move || {
        let (contract, service) = (Arc::clone(&contract), service.clone());
        App::new().configure(move |config| mounted(config, &contract, service))
    });
    let server = server.workers(2).shutdown_timeout(1);
    let server = server
        .bind(address)
        .with_context(|| format!("cannot listen on {address}; choose another with --address"))?;
    for address in server.addrs() {
        print::lines([format!("{operations} operations on http://{address}")])?;
    }
    Ok(server.run().await?)
}

/// Mounts each operation of a contract, with the mock behind its gatekeeper.
pub fn mounted(config: &mut ServiceConfig, contract: &Arc<Contract>, service: Mock) {
    config.app_data(Data::new(Gate::new(Arc::clone(contract), service)));
    // The routes are made of the contract, and were held against it before.
    let _ = mount::<Mock>(config, contract, Routes::unimplemented::<Mock>(contract));
}
