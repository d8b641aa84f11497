//! The pages of what was refused, for people.

use gatekeeper::{In, Refusal, Violation};

use super::account::{self, MailedLink};
use super::{Page, is_preferred};

/// The header by which the contract refuses forms of other sites.
const ORIGIN_OF_FORM: &str = "/Sec-Fetch-Site";

/// The form that a request has sent, or the link that it came by; put beside the request by the operation,
/// which may be refused.
#[derive(Clone, Debug)]
pub(crate) enum Draft {
    /// The form, filled in as far as may be repeated.
    Form(Page),
    /// The token of the link, and the address.
    Link { token: String, address: String },
}

/// Returns the page that says why an operation that people call was refused, or that an address leads to none, with the way
/// to the front page, which is at `home`; `None` for other operations, and for programs.
pub(crate) fn refused(refusal: &Refusal<'_>, home: &str) -> Option<Page> {
    let Some(operation) = refusal.operation() else {
        return is_preferred(refusal.context()).then(|| account::astray(refusal.kind(), home));
    };
    let link = match operation {
        "email_verification" | "confirm_email" => Some(MailedLink::Verification),
        "show_password" | "submit_password" => Some(MailedLink::Password),
        "show_signup" | "submit_signup" | "show_mail_request" | "submit_mail_request" => None,
        _ => return None,
    };
    let context = refusal.context();
    if !is_preferred(context) {
        return None;
    }
    let draft = context.extensions_mut().remove::<Draft>();
    let violations = refusal.violations();
    if violations.iter().any(is_of_another_site) {
        let detail = "This form was sent from another site, and nothing was done. If you want it, open the page here.";
        return Some(account::failed("Nothing was done", detail.to_owned()));
    }
    let before = match &draft {
        Some(Draft::Link { token, address }) => Some((&**token, &**address)),
        _ => None,
    };
    Some(match (refusal.code(), link, &draft) {
        ("token-expired", Some(link), _) => account::expired(link, before),
        ("token-invalid" | "uri-too-long", Some(link), _) => account::unusable(link, before),
        ("internal-error", ..) => {
            let detail = format!("It is our fault, and logged as {}.", context.id());
            account::failed("Something went wrong here", detail)
        }
        (_, _, Some(Draft::Form(page))) => page.clone().refused(refusal.detail(), violations),
        ("validation-failed", Some(link), _) => account::unusable(link, before),
        ("validation-failed", None, _) => {
            let detail = "A field of the form is missing or too long. Go back and fill it in.";
            account::failed("This did not work", detail.to_owned())
        }
        ("too-many-requests", ..) => account::failed("Too many tries", refusal.detail().to_owned()),
        ("service-unavailable", ..) => {
            account::failed("Try again in a moment", refusal.detail().to_owned())
        }
        _ => account::failed("This did not work", refusal.detail().to_owned()),
    })
}

fn is_of_another_site(violation: &Violation) -> bool {
    violation.location == In::Header && violation.pointer == ORIGIN_OF_FORM
}
