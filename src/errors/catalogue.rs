//! The words of the page of each code: its meaning, its cause and what to do about it.
//!
//! The codes are the contract's (`ProblemCode`), so that one without words does not compile, and neither does a
//! refusal with a code that the contract lacks.

use generated::models::ProblemCode;

/// The words about a code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProblemText {
    /// The only status that it comes with.
    pub(crate) status: u16,
    /// The code in words.
    pub(super) title: &'static str,
    /// The meaning.
    pub(super) meaning: &'static str,
    /// The cause.
    pub(super) cause: &'static str,
    /// The client's next step.
    pub(super) cure: &'static str,
}

/// Returns the entry of a code.
pub(crate) const fn entry(code: ProblemCode) -> ProblemText {
    match code {
        ProblemCode::ValidationFailed => ProblemText {
            status: 400,
            title: "The request breaks the contract",
            meaning: "A part of the request is not what the contract says of it. Nothing was done.",
            cause: "A value has the wrong form, something required is missing, or a name is not known: unknown query \
                    parameters and unknown members of a body are refused, so that no typing error goes unnoticed.",
            cure: "Read `errors`: each entry names the part of the request (`in`), the place in it (`pointer`) and the \
                   rule (`message`). All of them are listed, so one correction is enough.",
        },
        ProblemCode::TokenMissing => ProblemText {
            status: 401,
            title: "No credentials",
            meaning: "The operation is for callers with credentials, and the request has none that it takes.",
            cause: "The header is missing, or it carries another kind of credentials than the operation takes.",
            cure: "Log in (POST /users/v1/login) and send the token: `Authorization: Bearer <token>`. \
                   `WWW-Authenticate` in the answer, and the padlock in the contract, say what the operation takes.",
        },
        ProblemCode::TokenInvalid => ProblemText {
            status: 401,
            title: "The token is not good",
            meaning: "The token was not accepted, and it will not be at another time either.",
            cause: "It was changed on the way, or it is of another kind (a refresh token opens only its own exchange and \
                    the logout), or it was revoked: its session ended by a logout, a newer login, a new password or an \
                    admin, or the account is gone or suspended. The answer does not say which.",
            cure: "Log in again. If a fresh token is refused, too, look whether the whole of it is sent, once and in one \
                   line, and whether it is the access token.",
        },
        ProblemCode::TokenExpired => ProblemText {
            status: 401,
            title: "The token has expired",
            meaning: "The token is one of ours and was good until its time ran out.",
            cause: "Each token carries its end in `exp`. An access token lives ten hours unless the operator says \
                    otherwise.",
            cure: "Exchange the refresh token for a new pair (POST /users/v1/generate_tokens); when that one has \
                   expired, too, log in again. For a mailed token, ask for the mail again.",
        },
        ProblemCode::CredentialsInvalid => ProblemText {
            status: 401,
            title: "Unknown user or wrong password",
            meaning: "Address and password do not belong together. The answer does not say which of them is wrong.",
            cause: "A typing error, an address that has no account, a password that was changed meanwhile, or Basic \
                    credentials that are not base64 of `address:password`.",
            cure: "Try again with care: failed tries are counted. Who forgot the password asks for a token by mail (POST \
                   /users/v1/password_forgotten).",
        },
        ProblemCode::AuthorisationRequired => ProblemText {
            status: 401,
            title: "The role is too low",
            meaning: "The credentials are good, but the operation asks for a higher role; `required_role` names it.",
            cause: "The account has not that role. The role counts that it has now: a change ends its sessions.",
            cure: "Use an account with that role, or have an admin give it to this one. A new login alone changes \
                   nothing.",
        },
        ProblemCode::EmailUnverified => ProblemText {
            status: 403,
            title: "The address is not verified",
            meaning: "The password is right, but nobody has shown yet that the address is read by its owner.",
            cause: "The link in the mail was not opened.",
            cure: "Open the link, or ask for the mail again (PUT /users/v1/resend_email_verification).",
        },
        ProblemCode::AccountDisabled => ProblemText {
            status: 403,
            title: "The account is suspended",
            meaning: "The password is right, but an admin has suspended the account.",
            cause: "What the reason was, only the admins know.",
            cure: "Ask those who run the service. An admin can restore the account (DELETE \
                   /users/v1/{user_id}/suspension).",
        },
        ProblemCode::Forbidden => ProblemText {
            status: 403,
            title: "Not allowed",
            meaning: "The caller is known and the request is well formed, but this is not to be done; `detail` says why.",
            cause: "It would leave the service without an admin, for example, or is asked of an account that may not do \
                    it.",
            cure: "Do what `detail` names first, such as to make somebody else an admin.",
        },
        ProblemCode::NotFound => ProblemText {
            status: 404,
            title: "Nothing is here",
            meaning: "No operation has this path, or there is no such entity, or it is not this caller's to see.",
            cause: "A typing error in the path, a missing version (`/films/v1/`), or an id that is gone.",
            cure: "Compare the path with the contract: /openapi.json lists all of them, /ui/ shows them. Take ids from a \
                   list or from the answer that made the entity.",
        },
        ProblemCode::MethodNotAllowed => ProblemText {
            status: 405,
            title: "The path does not take this method",
            meaning: "There is something at this path, but it cannot be asked for with this method.",
            cause: "Often a GET where the contract has POST or PUT, such as for a login.",
            cure: "Use one of the methods that `Allow` and `detail` list.",
        },
        ProblemCode::RequestTimeout => ProblemText {
            status: 408,
            title: "The request came too slowly",
            meaning: "Head and body of a request each have to be complete within 15 seconds. This one was not.",
            cause: "A slow or broken connection, or a `Content-Length` that is larger than what was sent.",
            cure: "Send it again on a new connection; this one is closed.",
        },
        ProblemCode::UserAlreadyLoggedIn => ProblemText {
            status: 409,
            title: "A session is live",
            meaning: "The password is right, but a user has one session at a time, and there is one.",
            cause: "An earlier login was not followed by a logout, perhaps on another device.",
            cure: "Log out there (POST /users/v1/logout), or send `\"replace_session\": true` with the login, which ends \
                   the other session.",
        },
        ProblemCode::UserAlreadyExists => ProblemText {
            status: 409,
            title: "The address has an account",
            meaning: "No second account can be made for an address, nor can it be given to another one. Only admins are \
                      told so.",
            cause: "Somebody signed up with it, or an admin entered it before.",
            cure: "Find that account (GET /users/v1/?search=...) and change it, or use another address.",
        },
        ProblemCode::SubscriberAlreadyExists => ProblemText {
            status: 409,
            title: "The address is on the list",
            meaning: "The mailing list holds each address once, and it has this one.",
            cause: "It was entered before; upper and lower case are the same.",
            cure: "Nothing is left to do. To change the name, an admin replaces the entry (PUT \
                   /subscribers/v1/{subscriber_id}).",
        },
        ProblemCode::HoloduleLimit => ProblemText {
            status: 409,
            title: "The day is full",
            meaning: "The day holds as many streams as it may, which is 200.",
            cause: "Perhaps an import ran with keys that differ each time, so that it replaced nothing.",
            cure: "Delete a stream of that day (DELETE /holodules/v1/items/{key}), or enter this one on another.",
        },
        ProblemCode::ApiTokenLimit => ProblemText {
            status: 409,
            title: "No room for another API token",
            meaning: "The account holds as many API tokens as it may, which is 100.",
            cause: "Tokens were made and never deleted.",
            cure: "Delete one that is not used any more (DELETE /auth/v1/api_tokens/{api_token_id}).",
        },
        ProblemCode::IdempotencyKeyInUse => ProblemText {
            status: 409,
            title: "The first request is under way",
            meaning: "A request with the same `Idempotency-Key` is being answered. This one did nothing.",
            cause: "A client repeated its request before the first one was answered, or gave it up and was too fast.",
            cure: "Wait a second and send it again, with the same key: the reply is that to the first request.",
        },
        ProblemCode::PayloadTooLarge => ProblemText {
            status: 413,
            title: "The body is too large",
            meaning: "A body may hold at most 64 KiB.",
            cause: "More was announced or sent.",
            cure: "Send less at a time. Files are imported by the operator, at the command line.",
        },
        ProblemCode::UriTooLong => ProblemText {
            status: 414,
            title: "The target is too long",
            meaning: "Path and query together may be at most 8 KiB long.",
            cause: "Mostly a query with very many filters.",
            cure: "Ask for less at a time.",
        },
        ProblemCode::UnsupportedMediaType => ProblemText {
            status: 415,
            title: "The body is of another media type",
            meaning: "The operation takes a body, but not of this media type, or not in this encoding.",
            cause: "`Content-Type` is missing or names another type: curl -d says `application/x-www-form-urlencoded` \
                    unless told. Text that is not UTF-8 and compressed bodies are refused, too.",
            cure: "Send the type that `detail` names, for example with curl: -H 'Content-Type: application/json'.",
        },
        ProblemCode::IdempotencyKeyReused => ProblemText {
            status: 422,
            title: "The key belongs to another request",
            meaning: "The same `Idempotency-Key` came with another body within 24 hours. This request did nothing.",
            cause: "The body of a repeated request was changed, or the key is not random: a number, a date, or one that is \
                    copied from an example. Keys of requests without credentials are shared by everybody. Or the service has \
                    new secrets, and reads no more what it kept.",
            cure: "Repeat a request exactly as it was. For anything new choose a new random key, such as a UUID.",
        },
        ProblemCode::TooManyRequests => ProblemText {
            status: 429,
            title: "Too many tries",
            meaning: "There is a limit to how often this may be done, and it was reached. Nothing was done.",
            cause: "Failed passwords count by account and by address of the client, mails by recipient, and requests by \
                    address of the client. `RateLimit` and `RateLimit-Policy` say which limit it was.",
            cure: "Wait as many seconds as `Retry-After` says.",
        },
        ProblemCode::HeaderFieldsTooLarge => ProblemText {
            status: 431,
            title: "The headers are too large",
            meaning: "All header fields together may hold at most 16 KiB.",
            cause: "Mostly cookies of another service on the same host.",
            cure: "Send fewer or shorter headers. This service needs no cookies.",
        },
        ProblemCode::InternalError => ProblemText {
            status: 500,
            title: "The service failed",
            meaning: "Something went wrong here that is not the caller's fault.",
            cause: "The log of the service has it, under the id in `instance`.",
            cure: "Report it with that id. Whether the request took effect is open: look before you repeat it.",
        },
        ProblemCode::NotImplemented => ProblemText {
            status: 501,
            title: "The operation is not there yet",
            meaning: "The contract has this operation, but the service that answered cannot do it yet.",
            cause: "A contract is written before the code that fulfils it.",
            cure: "Wait for the next release. To work on a client meanwhile, run `starwars-api mock --unimplemented`, \
                   which answers with the contract's examples.",
        },
        ProblemCode::PreconditionFailed => ProblemText {
            status: 412,
            title: "It has changed meanwhile",
            meaning: "The request was to take effect only under a condition (RFC 9110, section 13.1), which does not hold. \
                      Nothing was done.",
            cause: "Somebody has changed or removed it since the `ETag` in `If-Match` was read, the tag is weak (`W/`), \
                    or there is already what `If-None-Match` excludes.",
            cure: "Read it again (GET), make the change on what is there now, and send the new `ETag` in `If-Match`. \
                   Without these headers the change is made whatever is there.",
        },
        ProblemCode::ServiceUnavailable => ProblemText {
            status: 503,
            title: "The service cannot answer now",
            meaning: "The request could not be carried out or checked safely, so it was turned away.",
            cause: "The database or the store of revoked tokens does not answer, or more passwords wait to be checked \
                    than there is room for.",
            cure: "Try again after `Retry-After` seconds. /readyz says whether the service is ready, and what it waits \
                   for.",
        },
    }
}
