// Made from openapi.yaml by OpenAPI Generator 7.26.0; do not edit: change the contract and build.

//! The schemas of the contract.

mod credentials;
mod email_request;
mod film;
mod film_list;
mod film_options;
mod openapi_document;
mod problem;
mod refresh_request;
mod status;
mod token_problem;
mod user;
mod user_signup;
mod user_tokens;
mod validation_problem;
mod violation;

pub use self::credentials::Credentials;
pub use self::email_request::EmailRequest;
pub use self::film::Film;
pub use self::film_list::FilmList;
pub use self::film_options::FilmOptions;
pub use self::openapi_document::OpenapiDocument;
pub use self::problem::{Problem, ProblemCode};
pub use self::refresh_request::RefreshRequest;
pub use self::status::{Status, StatusStatus};
pub use self::token_problem::{TokenProblem, TokenProblemCode};
pub use self::user::{User, UserAccessRole};
pub use self::user_signup::{UserSignup, UserSignupAccessRole};
pub use self::user_tokens::{UserTokens, UserTokensTokenType};
pub use self::validation_problem::{ValidationProblem, ValidationProblemCode};
pub use self::violation::{Violation, ViolationIn};
