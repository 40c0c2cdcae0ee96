//! What documents and names of files hold does nothing to the terminal that it is shown on.

use std::fs;
use std::path::Path;

use jitgate_core::rules::words::is_hidden;
use serde_json::json;

use crate::{Folder, clean};

/// Colours, the window's title, a line of its own, writing from the right, and what nobody sees.
const HOSTILE: &str = "\u{1b}[8m\u{1b}]0;t\u{7}\nforged\u{202e}\u{ad}\u{61c}\u{180e}\u{3164}\u{9b}";

const NETWORK: [&str; 7] =
    ["--network", "asg.json", "nic.json", "nsg.json", "public-ip.json", "vm.json", "vnet.json"];

/// The shared network `harbour` with such names for a machine, an NSG and rules, a policy, and requests.
fn folder() -> Folder {
    let folder = Folder::new();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let hostile = json!(HOSTILE).to_string();
    let copy = |from: &str, to: &str, more: &dyn Fn(String) -> String| {
        let mut text = fs::read_to_string(tests.join(from)).expect("a shared file");
        for name in ["vm-jump", "nsg-quay", "AllowSshFromOffice"] {
            text = text.replace(name, &format!("{name}{}", hostile.trim_matches('"')));
        }
        folder.put(to, more(text));
    };
    let same = |text| text;
    for name in ["asg", "nic", "nsg", "public-ip", "vm", "vnet"] {
        copy(&format!("networks/harbour/{name}-list.json"), &format!("{name}.json"), &same);
    }
    copy("previews/policy-edited/policy.json", "policy.json", &|text| {
        let machine = format!(
            "/subscriptions/2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218/resourceGroups/rg-harbour/providers/Microsoft.Compute/virtualMachines/vm-jump{HOSTILE}"
        );
        let request = json!([{"startTimeUtc": "2026-01-15T11:00:00Z", "requestor": HOSTILE, "justification": HOSTILE,
            "virtualMachines": [{"id": machine, "ports": [{"number": 3389, "allowedSourceAddressPrefix": "81.2.69.8",
                "endTimeUtc": "2026-01-15T13:30:00Z", "status": "Initiated", "statusReason": "UserRequested"}]}]}]);
        text.replace("\"requests\": []", &format!("\"requests\": {request}"))
    });
    copy("previews/policy-edited/after.json", "after.json", &same);
    copy("previews/requests-over-time/requests/1-jump.json", "request.json", &same);
    copy("previews/requests-over-time/requests/1-jump.json", "long.json", &|text| {
        text.replace("PT2H", "PT9H")
    });
    folder.put(&format!("x{HOSTILE}.json"), clean());
    folder
}

/// The output without colours of our own.
fn uncoloured(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let rest = part.trim_start_matches(|char: char| char.is_ascii_digit() || char == ';');
        out += rest.strip_prefix('m').unwrap_or(part);
    }
    out
}

#[test]
fn no_text_acts_on_the_terminal() {
    let folder = folder();
    let file = format!("x{HOSTILE}.json");
    let machine = format!("vm-jump{HOSTILE}");
    let now = ["--now", "2026-01-15T12:00:00Z"];
    let with_network = |args: &[&'static str]| [args, &now, &NETWORK].concat();
    let reach = |machine| {
        let question = vec!["reach", "--machine", machine, "--from", "81.2.69.7", "--port", "22"];
        [question, NETWORK.to_vec()].concat()
    };
    for (args, shown) in [
        (vec!["decide", "--policy", "policy.json", "--request", "request.json"], "granted"),
        (vec!["decide", "--policy", "policy.json", "--request", "long.json"], "the nearest request"),
        (with_network(&["preview", "--policy", "policy.json", "--requests", "request.json"]), "for \u{fffd}"),
        (with_network(&["preview", "--policy", "after.json"]), "in nsg-quay\u{fffd}"),
        (vec!["diff", "policy.json", "after.json"], "vm-jump\u{fffd}"),
        (reach("vm-app"), "rule `AllowSshFromOffice\u{fffd}"),
        (reach(&machine), "nsg-quay\u{fffd}"),
        (
            vec!["reach", "--machine", HOSTILE, "--from", "::1", "--port", "1", "--network", "vm.json"],
            "no machine",
        ),
        (vec!["check", &file], "policy, nothing to report"),
        (vec!["check", "policy.json", HOSTILE], "there is no file `\u{fffd}"),
        (vec!["import", &file], "nothing was imported"),
        (vec!["import", "vm.json"], "imported 1 file"),
        (vec!["token", "create", "--name", HOSTILE, "--role", "Owner", "--scope", "/"], "cannot be seen"),
        (
            vec!["token", "create", "--name", "a\u{202e}b", "--role", "Owner", "--scope", "/"],
            "cannot be seen",
        ),
        (vec!["token", "revoke", HOSTILE], "there is no token"),
    ] {
        let mut all = vec!["--color", "always"];
        all.extend(&args);
        if args[0] == "decide" {
            all.extend(now);
        }
        let run = folder.run(&all);
        let said = uncoloured(&format!("{}\n{}", run.out, run.notes));
        assert!(said.contains(shown), "{args:?} does not say {shown:?}: {said}");
        let hidden: Vec<char> = said.chars().filter(|char| *char != '\n' && is_hidden(*char)).collect();
        assert!(hidden.is_empty(), "{args:?} shows {hidden:?}: {said:?}");
        assert!(!said.lines().any(|line| line.trim_start().starts_with("forged")), "{args:?}: {said}");
    }
}
