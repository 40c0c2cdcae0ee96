//! Sends a request to each of its policies, once: what is sent again after a lost answer carries the id that it had.
use jitgate_core::Timestamp;
use jitgate_core::ledger::ResourceId;
use jitgate_logic::Touched;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::machines::names_of;
use super::ask::Body;
use super::nearest::Nearest;
use crate::api::{Api, Failure, Json};
use crate::browser;
use crate::state::{Fleet, Session};
use crate::ui::Toast;

/// What is said until somebody has signed in.
pub const SIGNED_OUT: &str = "Your sign-in had ended: nothing was opened. Sign in, and open the ports then.";

/// What is said to whom the panel can no more tell it.
const UNKNOWN: &str = "It is not known whether all ports that you asked for were opened";

/// A port that was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    pub machine: ResourceId,
    pub port: u16,
    pub sources: Vec<String>,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub requestor: String,
}

/// How far the request to one policy has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    Sending,
    /// What opens.
    Granted(Vec<Opened>),
    /// Why not, and what would be granted instead.
    Refused(String, Option<Nearest>),
    /// Nobody was signed in any more: nothing was opened.
    SignedOut,
    /// It may have been done, or not: why that is not known.
    Unknown(String),
}

/// A request to one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    pub body: Body,
    /// The same for every try.
    id: String,
    /// A try before this one may have been done.
    may_be_done: bool,
    pub sent: Sent,
}

/// The requests of a form.
#[derive(Clone, Copy)]
pub struct Submissions {
    pub list: RwSignal<Vec<Submission>>,
    pub busy: RwSignal<bool>,
    session: Session,
    fleet: Fleet,
    toast: Toast,
}

impl Submissions {
    pub fn new() -> Self {
        let (toast, list) = (expect_context::<Toast>(), RwSignal::new(Vec::<Submission>::new()));
        let (teller, session) = (toast.teller(), expect_context::<Session>());
        let is_signed_out = |one: &Submission| one.sent == Sent::SignedOut;
        Effect::new(move |_| {
            if session.api.with(Option::is_some) && list.with_untracked(|list| list.iter().any(is_signed_out))
            {
                list.update(|list| list.retain(|one| !is_signed_out(one)));
            }
        });
        on_cleanup(move || {
            // The user has gone, and may not know what became of it.
            let unknown = |one: &Submission| match &one.sent {
                Sent::Unknown(why) => Some((names_of(one.body.machines.iter()), why.clone())),
                _ => None,
            };
            let found = list.try_with_untracked(|list| list.iter().find_map(unknown)).flatten();
            if let Some((names, why)) = found.filter(|_| !teller.is_heard()) {
                teller.report(format!("{UNKNOWN} ({names}): see the requests. {why}"));
            }
        });
        Self { list, busy: RwSignal::new(false), session, fleet: expect_context::<Fleet>(), toast }
    }

    /// Sends what the form asks for. What was granted already is not asked for again, and what may have been is sent
    /// as the same request.
    pub fn send(self, bodies: Vec<Body>) {
        let Some(api) = self.session.api.get_untracked().filter(|_| !self.busy.get_untracked()) else {
            return;
        };
        self.busy.set(true);
        self.list.update(|list| {
            let old = std::mem::take(list);
            list.extend(bodies.into_iter().map(|body| next(&old, body)));
        });
        let waiting: Vec<_> = self.list.with_untracked(|list| {
            let all = list.iter().cloned().enumerate();
            all.filter(|(_, one)| one.sent == Sent::Sending).collect()
        });
        let mut touched = Touched::default();
        for (_, one) in &waiting {
            touched.add(Touched::policy(one.body.policy.clone(), one.body.machines.iter().cloned()));
        }
        let names = names_of(waiting.iter().flat_map(|(_, one)| &one.body.machines));
        let teller = self.toast.teller();
        spawn_local(async move {
            let (mut refused, mut unknown) = (None, None);
            for (place, one) in waiting {
                let sent = self.initiate(api, &one).await;
                match &sent {
                    Sent::Refused(why, _) => refused = Some(why.clone()),
                    Sent::SignedOut => refused = Some(SIGNED_OUT.to_owned()),
                    Sent::Unknown(why) => unknown = Some(why.clone()),
                    Sent::Sending | Sent::Granted(_) => {}
                }
                // The panel may be gone.
                self.list.try_update(|list| {
                    if let Some(one) = list.get_mut(place) {
                        one.sent = sent;
                    }
                });
            }
            self.fleet.renew(touched);
            if self.busy.try_set(false).is_some() {
                let (what, why) = match (refused, unknown) {
                    (None, None) => {
                        return teller.say("Access to the ports that you asked for is granted.".to_owned());
                    }
                    (Some(why), _) => ("Not all ports that you asked for were opened", why),
                    (None, Some(why)) => (UNKNOWN, why),
                };
                teller.report(format!("{what} ({names}): see the requests. {why}"));
            }
        });
    }

    /// True where what is asked of a row is on its way, or may have been done: it is not asked for another time.
    pub fn is_sent(self, bodies: &[Body], row: u32) -> bool {
        let body = bodies.iter().find(|body| body.keys.iter().any(|keys| keys.contains(&row)));
        let is_done = |one: &Submission| !matches!(one.sent, Sent::Refused(..) | Sent::SignedOut);
        self.list.with(|list| list.iter().any(|one| body == Some(&one.body) && is_done(one)))
    }

    async fn initiate(self, api: Api, one: &Submission) -> Sent {
        let policy = &one.body.policy;
        // For nobody else, where the user has changed meanwhile.
        let is_same = self.session.api.get_untracked() == Some(api);
        let answer = if is_same {
            api.initiate(policy, &one.body.text, &one.id).await
        } else {
            Err(Failure::SignedOut)
        };
        match answer {
            Ok(answer) => Sent::Granted(Json::read(&answer.body, opened)),
            Err(failure) if failure.may_be_done() || one.may_be_done && failure.is_turned_away() => {
                Sent::Unknown(failure.to_string())
            }
            Err(Failure::Refused(refusal)) => {
                let nearest = Nearest::refused(policy.clone(), &refusal);
                // With how long to wait.
                Sent::Refused(Failure::Refused(refusal).to_string(), nearest)
            }
            Err(_) => Sent::SignedOut,
        }
    }
}

/// The submission of a body, with what became of it before.
fn next(old: &[Submission], body: Body) -> Submission {
    match old.iter().find(|one| one.body == body) {
        Some(same) if matches!(same.sent, Sent::Unknown(_)) => {
            Submission { sent: Sent::Sending, may_be_done: true, ..same.clone() }
        }
        Some(same) if matches!(same.sent, Sent::Granted(_)) => same.clone(),
        _ => Submission { body, id: browser::guid(), may_be_done: false, sent: Sent::Sending },
    }
}

fn opened(json: Json) -> Vec<Opened> {
    let mut all = Vec::new();
    for machine in json.get("virtualMachines").list() {
        let id = ResourceId::new(&machine.get("id").string());
        for port in machine.get("ports").list() {
            all.push(Opened {
                machine: id.clone(),
                port: port.get("number").port(),
                sources: match port.get("allowedSourceAddressPrefix").text() {
                    Some(one) => vec![one.into_owned()],
                    None => port.get("allowedSourceAddressPrefixes").strings(),
                },
                start: json.get("startTimeUtc").time(),
                end: port.get("endTimeUtc").time(),
                requestor: json.get("requestor").string(),
            });
        }
    }
    all
}
