//! An example on a rule's page: shown as code, and opened on the workbench as a whole document.
use leptos::prelude::*;

use crate::dom::view;
use crate::pages::workbench::replace::replace_question;
use crate::parts::JsonCode;
use crate::route::{History, Route};
use crate::state::{Shared, Workbench};
use crate::ui::{Glyph, Icon};

/// A machine for examples that are only a part of one.
const MACHINE: &str = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1";

/// A fenced block: what stands behind the fence, and its text.
#[derive(Clone, Debug)]
pub struct Block {
    pub form: String,
    pub text: String,
}

/// The documents of an example.
#[derive(Clone, Debug)]
pub struct Documents(Shared);

impl Documents {
    /// A block's whole document, beside the policy of the block before it where there is one. None for a block
    /// that is no document, or one with bytes that no text can hold.
    pub fn of(block: &Block, policy: Option<Block>) -> Option<Self> {
        let text = block.text.trim_end();
        let (head, tail) = match block.form.as_str() {
            "json port" => {
                (format!("{POLICY}        \"id\": \"{MACHINE}\",\n        \"ports\": [\n{DEEP}"), PORT_END)
            }
            "json machine" => (format!("{MACHINES}      "), MACHINE_END),
            "json request-port" => {
                (format!("{REQUEST}      \"id\": \"{MACHINE}\",\n      \"ports\": [\n        "), REQUEST_END)
            }
            "json stored-port" => {
                (format!("{REQUEST}      \"id\": \"{MACHINE}\",\n      \"ports\": [\n        "), STORED_END)
            }
            "text" if text.contains("\\x") => return None,
            form if form == "text" || form.starts_with("json") => (String::new(), "\n"),
            _ => return None,
        };
        // A part goes as deep as what is put around it.
        let depth = head.rsplit('\n').next().unwrap_or_default();
        let document = format!("{head}{}{tail}", text.replace('\n', &format!("\n{depth}")));
        let request = matches!(
            block.form.as_str(),
            "json request" | "json request-port" | "json stored-request" | "json stored-port"
        );
        Some(Self(if request {
            let policy = policy.map_or_else(String::new, |policy| policy.text);
            Shared { policy, request: document, ..Shared::default() }
        } else {
            Shared { policy: document, ..Shared::default() }
        }))
    }
}

const DEEP: &str = "          ";
const MACHINES: &str = "{\n  \"kind\": \"Basic\",\n  \"properties\": {\n    \"virtualMachines\": [\n";
const POLICY: &str = "{\n  \"kind\": \"Basic\",\n  \"properties\": {\n    \"virtualMachines\": [\n      {\n";
const PORT_END: &str = "\n        ]\n      }\n    ]\n  }\n}\n";
const MACHINE_END: &str = "\n    ]\n  }\n}\n";
const REQUEST: &str = "{\n  \"virtualMachines\": [\n    {\n";
const REQUEST_END: &str = "\n      ]\n    }\n  ],\n  \"justification\": \"patching\"\n}\n";
const STORED_END: &str = "\n      ]\n    }\n  ],\n  \"startTimeUtc\": \"2026-01-15T11:00:00Z\",\n  \"requestor\": \"barbara@contoso.com\"\n}\n";

#[component]
pub fn Example(block: Block, documents: Option<Documents>) -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let route = expect_context::<Route>();
    let open = move |shared: Shared| {
        workbench.open(shared);
        route.go("/workbench", History::Push);
    };
    let asking = RwSignal::new(false);
    let button = documents.map(|Documents(shared)| {
        let shared = StoredValue::new(shared);
        let choose = move |_| if workbench.is_edited() { asking.set(true) } else { open(shared.get_value()) };
        let question = move || {
            asking.get().then(|| {
                let title = "Open the example?".to_owned();
                let opens = move || open(shared.get_value());
                replace_question(title, "Open the example", opens, move || asking.set(false))
            })
        };
        view! {
            <button type="button" class="button button-small" on:click=choose>
                <Icon glyph=Glyph::Workbench />
                <span>"Open in workbench"</span>
            </button>
            {question}
        }
    });
    view! {
        <div class="example">
            <JsonCode text=block.text label="Example" />
            {button}
        </div>
    }
}
