//! Where the data lives, and who is signed in.
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Api, Failure, Keeper, Server, User};
use crate::browser::{self, Keep, forget, keep, kept};

/// The token, as long as the tab is open.
const TOKEN: &str = "jitgate-token";
/// What the fragment starts with in the link that a server prints at its first start.
const LINK: &str = "token=";

/// The backend in use, and its user.
#[derive(Clone, Copy)]
pub struct Session {
    /// None where nobody is signed in.
    pub api: RwSignal<Option<Api>>,
    pub user: RwSignal<Option<User>>,
    /// Why the last sign-in came to nothing, or that it has ended; empty otherwise.
    pub fault: RwSignal<String>,
    pub keeper: RwSignal<Keeper>,
}

impl Session {
    /// Begins with what the address or the browser knows.
    pub fn provide() {
        let session = Self {
            api: RwSignal::new(None),
            user: RwSignal::new(None),
            fault: RwSignal::new(String::new()),
            keeper: RwSignal::new(Keeper::Server),
        };
        provide_context(session);
        let fragment = browser::fragment();
        let token = fragment.strip_prefix(LINK).map(str::to_owned);
        if token.is_some() {
            // Here it would be copied along with the address.
            browser::set_fragment("");
        }
        if let Some(token) = token.or_else(|| kept(Keep::Tab, TOKEN)) {
            session.sign_in(token);
        }
    }

    /// Tries a token; the user is known when the server has taken it.
    pub fn sign_in(self, token: String) {
        let api = Api::new(Rc::new(Server::new(token.clone())));
        self.fault.set(String::new());
        spawn_local(async move {
            match api.user().await {
                Ok(user) => {
                    // Where it cannot be kept, the next reload asks for it.
                    let _kept = keep(Keep::Tab, TOKEN, &token);
                    self.user.set(Some(user));
                    self.api.set(Some(api));
                }
                Err(Failure::SignedOut) => {
                    forget(Keep::Tab, TOKEN);
                    self.fault.set(
                        "The server does not take this token. It may have been revoked, or have expired."
                            .to_owned(),
                    );
                }
                Err(failure) => self.fault.set(failure.to_string()),
            }
        });
    }

    /// The sign-in has ended: forms stay as they are, and the user is asked to sign in again.
    pub fn ended(self) {
        forget(Keep::Tab, TOKEN);
        self.api.set(None);
        self.fault.set(
            "Your sign-in has ended. Sign in again to go on; what you have typed is still here.".to_owned(),
        );
    }

    /// Signs out.
    pub fn sign_out(self) {
        forget(Keep::Tab, TOKEN);
        self.user.set(None);
        self.api.set(None);
    }
}
