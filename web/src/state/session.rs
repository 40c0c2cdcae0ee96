//! Where the data lives, and who is signed in.
use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Api, Change, Failure, Keeper, Listening, Local, Server, User, open_local};
use crate::browser::{self, Keep, forget, keep, kept};
use crate::parts::{LATE, local_second};
use crate::route::{History, Route};
use crate::ui::Toast;

/// The token, as long as the tab is open.
const TOKEN: &str = "jitgate-token";
/// What the fragment starts with in the link that a server prints at its first start.
const LINK: &str = "token=";
/// What the user has chosen in place of what the page says.
const DATA: &str = "jitgate-data";
/// Where the token is asked for.
const SIGN_IN: &str = ".sign-in input";
/// Where the page says who keeps the data.
const META: &str = "meta[name='jitgate-data']";

/// The backend in use, and its user.
#[derive(Clone, Copy)]
pub struct Session {
    /// None where nobody is signed in.
    pub api: RwSignal<Option<Api>>,
    pub user: RwSignal<Option<User>>,
    /// Why the last sign-in came to nothing, or that it has ended; empty otherwise.
    pub fault: RwSignal<String>,
    /// The server is asked whose token it is.
    pub waiting: RwSignal<bool>,
    /// It has not answered for a while.
    pub late: RwSignal<bool>,
    pub keeper: RwSignal<Keeper>,
    /// There is nothing in this browser yet: the user is asked what to begin with.
    pub beginning: RwSignal<bool>,
    /// What comes is this window's own import: its user is still to see what was read.
    pub stays: StoredValue<bool>,
    /// Counts what was begun: what comes late of something before it is not heard.
    turn: StoredValue<u32>,
    /// The id of the last user whom the server has told of, also after a sign-out.
    last: StoredValue<Option<String>>,
    /// Another one has signed in: what the last one has put anywhere is not for this one.
    pub another: Trigger,
    /// A token that the server has said nothing about yet.
    tried: StoredValue<Option<String>>,
    local: StoredValue<Option<Local>, LocalStorage>,
    listening: StoredValue<Option<Listening>, LocalStorage>,
    route: Route,
    toast: Toast,
}

impl Session {
    /// Begins with what the address, the page or the browser knows.
    pub fn provide() {
        let session = Self {
            api: RwSignal::new(None),
            user: RwSignal::new(None),
            fault: RwSignal::new(String::new()),
            waiting: RwSignal::new(false),
            late: RwSignal::new(false),
            keeper: RwSignal::new(Keeper::Server),
            beginning: RwSignal::new(false),
            stays: StoredValue::new(false),
            turn: StoredValue::new(0),
            last: StoredValue::new(None),
            another: Trigger::new(),
            tried: StoredValue::new(None),
            local: StoredValue::new_local(None),
            listening: StoredValue::new_local(None),
            route: expect_context::<Route>(),
            toast: expect_context::<Toast>(),
        };
        provide_context(session);
        let is_link = session.follow_link();
        if !is_link && chosen() == Keeper::Browser {
            session.open();
        } else if !is_link && let Some(token) = kept(Keep::Tab, TOKEN) {
            session.sign_in(token);
        }
        // Opened in a tab that is here already, a link loads no page.
        let _lives_as_long = window_event_listener(ev::hashchange, move |_| {
            session.follow_link();
        });
    }

    /// Signs in by a server's link; false where the address is none.
    fn follow_link(self) -> bool {
        let fragment = browser::fragment();
        let Some(token) = fragment.strip_prefix(LINK) else { return false };
        // Here it would be copied along with the address.
        browser::set_fragment("");
        // Whoever opens a server's link wants the server.
        forget(Keep::Always, DATA);
        if self.keeper.get_untracked() == Keeper::Browser {
            self.leave();
            self.keeper.set(Keeper::Server);
        }
        // As if the sign-in had ended: what is typed stays, unless it is another user.
        self.api.set(None);
        self.sign_in(token.to_owned());
        true
    }

    /// True where a server stands behind the page, so that there is a choice.
    pub fn has_server() -> bool {
        told() == Keeper::Server
    }

    /// Something new begins, in place of what may be under way.
    fn begin(self) -> u32 {
        self.waiting.set(false);
        self.late.set(false);
        self.fault.set(String::new());
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.turn.get_value()
    }

    /// True where something else was begun meanwhile.
    fn is_over(self, turn: u32) -> bool {
        let over = self.turn.get_value() != turn;
        if over && self.keeper.get_untracked() == Keeper::Browser {
            // The answer may have set the clock.
            browser::set_by_own();
        }
        over
    }

    /// Tries a token; the user is known when the server has taken it.
    pub fn sign_in(self, token: String) {
        let server = Server::new(&token, move |until, is_over| {
            let words = format!("The server asks to wait. It is tried again at {}.", local_second(until));
            self.toast.wait(&words, is_over);
        });
        let api = Api::new(Rc::new(server.clone()));
        let turn = self.begin();
        self.tried.set_value(Some(token.clone()));
        self.waiting.set(true);
        let late = move || {
            if self.turn.get_value() == turn {
                self.late.set(true);
            }
        };
        set_timeout(late, LATE);
        spawn_local(async move {
            let user = api.user().await;
            if self.is_over(turn) {
                return;
            }
            self.waiting.set(false);
            if matches!(user, Ok(_) | Err(Failure::SignedOut)) {
                self.tried.set_value(None);
            }
            match user {
                Ok(user) => {
                    let is_another = self.is_another(&user);
                    if is_another {
                        self.forget_user();
                        self.another.notify();
                        // Words that were searched for, and the machine that was looked at, are in the query.
                        self.route.go(&self.route.path().get_untracked(), History::Replace);
                        // Whatever follows from it has happened before the next user comes.
                        browser::pause(Duration::ZERO).await;
                        if self.is_over(turn) {
                            return;
                        }
                    }
                    self.last.set_value(Some(user.id.clone()));
                    // Where it cannot be kept, the next reload asks for it.
                    let _kept = keep(Keep::Tab, TOKEN, &token);
                    server.on_end(move || self.ended(api));
                    self.known(user);
                    self.api.set(Some(api));
                    if is_another {
                        self.toast
                            .say("Another user has signed in: forms and panels of the one before are gone.");
                    }
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

    /// It is known who the user is.
    fn known(self, user: User) {
        self.toast.hears(&user.id);
        self.user.set(Some(user));
    }

    /// True where this is not the user who was signed in before. What was loaded for that one, and what that one entered,
    /// is nobody else's: the page, an open panel with its form, the fleet and its faults go as with a sign-out, since the
    /// next one may not be allowed to see any of it; and so do what is on the workbench, and the query of the address.
    fn is_another(self, user: &User) -> bool {
        self.last.with_value(|last| last.as_ref().is_some_and(|last| *last != user.id))
    }

    /// Nobody is the user any more.
    fn forget_user(self) {
        self.toast.hears("");
        self.user.set(None);
        self.api.set(None);
    }

    /// Whoever signed in before is not asked to while the server is, unless that takes long; once somebody is asked, the
    /// form stays.
    pub fn returning(self) -> Memo<bool> {
        Memo::new(move |was| was != Some(&false) && self.waiting.get() && !self.late.get())
    }

    /// True where a sign-in can be tried once more, since the server has not said no.
    pub fn can_retry(self) -> bool {
        self.tried.with_value(Option::is_some)
    }

    /// Tries the last token once more.
    pub fn retry(self) {
        if let Some(token) = self.tried.get_value() {
            self.sign_in(token);
        }
    }

    /// Opens what this browser keeps.
    fn open(self) {
        self.keeper.set(Keeper::Browser);
        let turn = self.begin();
        spawn_local(async move {
            let opened = open_local().await;
            match opened {
                _ if self.is_over(turn) => {}
                Ok(local) => self.opened(local, turn).await,
                Err(fault) => self.fault.set(fault),
            }
        });
    }

    async fn opened(self, local: Local, turn: u32) {
        let api = Api::new(local.clone());
        self.beginning.set(local.is_empty());
        // Another window may begin, or begin anew.
        let (own, held) = (self, local.clone());
        let heard = move |change| {
            if !matches!(change, Change::Happened(_)) {
                return;
            }
            if held.is_empty() {
                own.stays.set_value(false);
                own.beginning.set(true);
            } else if own.beginning.get_untracked() && !own.stays.get_value() {
                own.beginning.set(false);
            }
        };
        self.listening.set_value(Some(api.listen(heard)));
        self.local.set_value(Some(local));
        let user = api.user().await;
        match user {
            _ if self.is_over(turn) => api.close(),
            Ok(user) => {
                self.known(user);
                self.api.set(Some(api));
            }
            Err(failure) => self.fault.set(failure.to_string()),
        }
    }

    /// What this browser keeps, where it is open.
    pub fn local(self) -> Option<Local> {
        self.local.get_value()
    }

    /// True where the signed-in user is who asked for something, by name or id.
    pub fn is_own(self, requestor: &str) -> bool {
        self.user.with(|user| {
            user.as_ref().is_some_and(|user| {
                !requestor.is_empty() && (user.name.eq_ignore_ascii_case(requestor) || user.id == requestor)
            })
        })
    }

    /// Asks anew who the user is.
    pub fn reintroduce(self) {
        if let Some(api) = self.api.get_untracked() {
            spawn_local(async move {
                let user = api.user().await;
                // Somebody else may have come meanwhile, or nobody be left.
                if let Ok(user) = user
                    && self.api.get_untracked() == Some(api)
                {
                    self.known(user);
                }
            });
        }
    }

    /// What was loaded of one keeper is nothing of the other's; a ledger that nobody holds ends.
    fn leave(self) {
        if let Some(api) = self.api.get_untracked() {
            api.close();
        }
        self.forget_user();
        self.stays.set_value(false);
        self.beginning.set(false);
        self.listening.set_value(None);
        self.local.set_value(None);
    }

    /// From now on the data lives there. What the other one keeps stays as it is.
    pub fn choose(self, keeper: Keeper) {
        self.leave();
        self.begin();
        match keeper {
            Keeper::Browser => {
                browser::set_by_own();
                // Where it cannot be kept, the choice holds until the page is closed.
                let _kept = keep(Keep::Always, DATA, BROWSER);
                self.open();
            }
            Keeper::Server => {
                forget(Keep::Always, DATA);
                self.keeper.set(Keeper::Server);
                if let Some(token) = self.tried.get_value().or_else(|| kept(Keep::Tab, TOKEN)) {
                    self.sign_in(token);
                }
            }
        }
    }

    /// The sign-in has ended: forms stay as they are, and the user is asked to sign in again.
    fn ended(self, api: Api) {
        // Whoever has signed in again hears no more of what went before.
        if self.api.get_untracked() != Some(api) {
            return;
        }
        forget(Keep::Tab, TOKEN);
        self.api.set(None);
        self.fault.set(
            "Your sign-in has ended. Sign in again to go on; what you have typed is still here.".to_owned(),
        );
    }

    /// Leads to the token, where something was to be done after the sign-in has ended.
    pub fn ask(self) {
        self.toast.say("Your sign-in has ended: sign in first.");
        browser::focus_first(SIGN_IN);
    }

    /// Signs out.
    pub fn sign_out(self) {
        self.begin();
        self.tried.set_value(None);
        forget(Keep::Tab, TOKEN);
        self.forget_user();
    }
}

/// How the browser is called as the keeper of the data.
const BROWSER: &str = "browser";

/// What the page says, which its server or the build wrote there.
fn told() -> Keeper {
    let meta = document().query_selector(META).ok().flatten();
    let content = meta.and_then(|meta| meta.get_attribute("content"));
    if content.as_deref() == Some(BROWSER) { Keeper::Browser } else { Keeper::Server }
}

fn chosen() -> Keeper {
    match kept(Keep::Always, DATA) {
        Some(choice) if choice == BROWSER => Keeper::Browser,
        _ => told(),
    }
}
