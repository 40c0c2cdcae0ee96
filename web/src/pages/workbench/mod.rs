//! The workbench: a policy and a request side by side, what is wrong with them, the decision, and what all of it does
//! to the network.
mod circumstances;
mod command_bar;
mod decision;
mod editor;
mod json_panel;
mod link;
mod nearest;
mod network;
pub mod network_file;
mod panel;
mod paper;
mod place;
mod preview;
mod problem;
mod problems;
pub mod replace;
mod summary;
mod viewport;

use leptos::prelude::*;

use crate::dom::view;
use crate::route::Page;
use crate::state::Workbench;
use crate::ui::PageHeading;
use command_bar::CommandBar;
use decision::DecisionPanel;
use link::{Link, LinkState};
use network::NetworkPanel;
use panel::Panel;
use preview::{ChangesPanel, PreviewPanel};
use summary::SpokenSummary;

#[component]
pub fn WorkbenchPage() -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    workbench.run_clock();
    let link = Link::follow(workbench);
    view! {
        <div class="page page-wide">
            <div class="page-head">
                <div class="page-words">
                    <PageHeading title=Page::Workbench.title() />
                    <p class="page-lead">"Check a just-in-time policy and a request, and see exactly what would open on the network."</p>
                </div>
                <CommandBar />
            </div>
            <LinkState link />
            <div class="workbench">
                <div class="workbench-side">
                    <Panel document=workbench.policy title="Policy" />
                    <ChangesPanel />
                </div>
                <div class="workbench-side">
                    <Panel document=workbench.request title="Request" />
                    <DecisionPanel />
                </div>
            </div>
            <div class="workbench-network">
                <NetworkPanel />
                <PreviewPanel />
            </div>
            <SpokenSummary />
        </div>
    }
    .into_any()
}
