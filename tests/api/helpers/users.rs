//! People who use the service.

use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use super::{
    app::TestApp,
    eventually,
    http::{Request, Response},
    tokens::Parts,
};

pub const PASSWORD: &str = "womp-rats-in-my-T16";

/// A user with a live session.
#[derive(Debug, Clone)]
pub struct User {
    pub email: String,
    pub id: String,
    pub access: String,
    pub refresh: String,
}

impl User {
    fn of(login: &Value) -> Self {
        let text = |name: &str| login[name].as_str().expect(name).to_owned();
        Self {
            email: text("email"),
            id: text("user_id"),
            access: text("token"),
            refresh: text("refresh_token"),
        }
    }

    /// The id of the session that the tokens are of.
    pub fn session_id(&self) -> String {
        let sid = &Parts::of(&self.access).claims["sid"];
        sid.as_str().expect("sid").to_owned()
    }
}

/// A user with a good credential of every scheme.
#[derive(Debug, Clone)]
pub struct Holder {
    pub user: User,
    pub password_token: String,
    pub api_token: String,
    pub api_token_id: String,
}

impl Holder {
    /// Adds the credential of a scheme to a request.
    pub fn show(&self, request: Request, scheme: &str) -> Request {
        let pair = format!("{}:{PASSWORD}", self.user.email);
        let value = match scheme {
            "jwt" => &self.user.access,
            "jwt_refresh" => &self.user.refresh,
            "jwt_password" => &self.password_token,
            "basic" => &pair,
            "api_token" => &self.api_token,
            other => panic!(
                "no credential for the scheme {other}: add it to `Holder::show` in tests/api/helpers/users.rs"
            ),
        };
        request.credential(scheme, value)
    }
}

/// An address that no other test uses.
pub fn new_email() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!(
        "pilot{}@rebels.example",
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

impl TestApp {
    #[track_caller]
    pub fn sign_up(&self, email: &str) -> Response {
        self.post("/users/v1/signup")
            .json(&json!({ "email": email, "password": PASSWORD }))
            .send()
    }

    #[track_caller]
    pub fn verify(&self, token: &str) -> Response {
        self.get(&format!("/users/v1/email_verification?token={token}"))
            .send()
    }

    #[track_caller]
    pub fn log_in(&self, email: &str, password: &str) -> Response {
        self.post("/users/v1/login")
            .json(&json!({ "email": email, "password": password }))
            .send()
    }

    #[track_caller]
    pub fn refresh(&self, token: &str) -> Response {
        self.post("/users/v1/generate_tokens").bearer(token).send()
    }

    /// Chooses a password by a mailed token.
    #[track_caller]
    pub fn change_password(&self, token: &str, password: &str) -> Response {
        self.put("/users/v1/password_change")
            .bearer(token)
            .json(&json!({ "password": password }))
            .send()
    }

    #[track_caller]
    pub fn log_out(&self, token: &str) -> Response {
        self.post("/users/v1/logout").bearer(token).send()
    }

    /// Signs up and follows the link of the mail; answers the address.
    #[track_caller]
    pub fn verified_user(&self) -> String {
        let email = new_email();
        self.sign_up(&email).expect(202);
        let token = self
            .mail_number(1, &email)
            .token()
            .expect("a link with a token");
        self.verify(&token).expect(200);
        email
    }

    /// A user from sign-up to tokens.
    #[track_caller]
    pub fn user(&self) -> User {
        let email = self.verified_user();
        self.session(&email)
    }

    /// A new session of a user who may have one.
    #[track_caller]
    pub fn session(&self, email: &str) -> User {
        let answer = self
            .post("/users/v1/login")
            .json(&json!({ "email": email, "password": PASSWORD, "replace_session": true }))
            .send()
            .expect(200);
        User::of(&answer.json())
    }

    /// An account that an admin opens, with a session. A worker that has not reached its Redis yet is asked again.
    #[track_caller]
    pub fn made(&self, admin: &User, role: &str) -> User {
        let email = new_email();
        let create = || {
            self.post("/users/v1/")
                .bearer(&admin.access)
                .json(&json!({
                    "email": email,
                    "password": PASSWORD,
                    "access_role": role,
                    "email_verified": true,
                }))
                .send()
        };
        let answer = eventually("an answer other than 503", Duration::from_secs(60), || {
            let answer = create();
            (answer.status != 503).then_some(answer)
        });
        answer.expect(201);
        self.session(&email)
    }

    /// Gets the user a credential of every scheme.
    #[track_caller]
    pub fn holder(&self, user: User) -> Holder {
        let password_token = self.password_token(&user.email);
        let made = self
            .post("/auth/v1/api_tokens")
            .bearer(&user.access)
            .json(&json!({ "name": "astromech" }))
            .send()
            .expect(201)
            .json();
        let text = |name: &str| made[name].as_str().expect(name).to_owned();
        Holder {
            user,
            password_token,
            api_token: text("value"),
            api_token_id: text("api_token_id"),
        }
    }

    /// Forgets the password of an account and reads the mail.
    #[track_caller]
    pub fn password_token(&self, email: &str) -> String {
        let tokens = || -> Vec<String> {
            let mails = self.mails_to(email);
            mails.iter().filter_map(|mail| mail.any_token()).collect()
        };
        let known = tokens();
        self.post("/users/v1/password_forgotten")
            .json(&json!({ "email": email }))
            .send()
            .expect(202);
        eventually(
            "a password token is mailed",
            Duration::from_secs(45),
            || tokens().into_iter().find(|token| !known.contains(token)),
        )
    }

    /// An admin, who comes from the command line.
    #[track_caller]
    pub fn admin(&self) -> User {
        let email = new_email();
        let made = self.run(
            &[
                "users",
                "create",
                &email,
                "--role",
                "admin",
                "--verified",
                "--password-stdin",
            ],
            &format!("{PASSWORD}\n"),
        );
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        self.session(&email)
    }

    /// The caller's own record.
    #[track_caller]
    pub fn me(&self, user: &User) -> Value {
        self.get("/users/v1/me")
            .bearer(&user.access)
            .send()
            .expect(200)
            .json()
    }

    /// Returns true if this token is accepted for the films.
    #[track_caller]
    pub fn films(&self, token: &str) -> Response {
        self.get("/films/v1/").bearer(token).send()
    }
}
