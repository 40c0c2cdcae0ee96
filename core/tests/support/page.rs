//! A rule's page, taken apart.
//!
//! Fences are ` ```json FORM `. FORM is `policy`, `request`, `stored-request`, `list`, `template`, `network` or nothing for a
//! whole document; `port`, `machine`, `request-port`, `stored-port` for a part, which is put into a whole one;
//! `text` instead of `json` for a document that is no JSON at all (`\xNN` in it is that byte).
//! A number behind the form puts the part in that many times.
//! A policy directly before a request is one example: the request is decided against the policy. The caller comes
//! from `CALLER`, or from the address in ` ```json request from=ADDRESS `, where `none` is an unknown one.

//! A network directly behind a policy, and a request behind that, are one example too: the policy is previewed on the
//! network, in the mode of ` ```json network mode=document `. `"..."` among an NSG's rules is a rule at each number from
//! 1000 to 4096; `"...overlapping"` is one at each from 100 to 999, and they cut each other into a great many pieces.

use super::VM;

/// A page's examples.
#[derive(Debug, Default)]
pub struct Page {
    /// Under `## Wrong`.
    pub wrong: Vec<Vec<Example>>,
    /// Under `## Right`.
    pub right: Vec<Vec<Example>>,
}

/// One fence.
#[derive(Debug)]
pub struct Example {
    /// What stands behind `json`: the form, and how many times the part is put in.
    pub form: String,
    /// What stands behind `from=`.
    pub from: Option<String>,
    /// What stands behind `mode=`.
    pub mode: Option<String>,
    /// What stands between the fences.
    pub text: String,
}

impl Page {
    /// Finds the examples.
    pub fn parse(page: &str) -> Self {
        let mut parsed = Self::default();
        let mut lines = page.lines();
        let mut part = "";
        while let Some(line) = lines.next() {
            if let Some(title) = line.strip_prefix("## ") {
                part = title;
            }
            let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
            let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            let info = info.strip_prefix("json").unwrap_or(info).trim();
            let option = |name| {
                info.split_once(name).map_or((info, None), |(form, value)| (form, Some(value.to_owned())))
            };
            let ((_, from), (_, mode)) = (option(" from="), option(" mode="));
            let form =
                info.split(" from=").next().and_then(|info| info.split(" mode=").next()).unwrap_or(info);
            let example = Example { form: form.to_owned(), from, mode, text: body.join("\n") };
            let examples = match part {
                "Wrong" => &mut parsed.wrong,
                "Right" => &mut parsed.right,
                _ => continue,
            };
            let goes_on = |last: &[Example]| match example.form.as_str() {
                "network" => last.iter().all(|one| one.form == "policy"),
                "request" => last[0].form == "policy" && last.iter().all(|one| one.form != "request"),
                _ => false,
            };
            match examples.last_mut() {
                Some(last) if goes_on(last) => last.push(example),
                _ => examples.push(vec![example]),
            }
        }
        parsed
    }
}

impl Example {
    /// The files of a network, with the rules that are left out.
    pub fn network(&self) -> Vec<u8> {
        let rule = |number: u32| {
            format!(
                r#"{{"name":"Rule{number}","properties":{{"priority":{number},"direction":"Inbound","access":"Deny","protocol":"Udp",
                "sourceAddressPrefix":"192.0.2.0/24","sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRange":"9"}}}}"#
            )
        };
        let rules: Vec<String> = (1000..=4096).map(rule).collect();
        let overlapping = |(number, length): (u32, u32)| {
            let access = if number.is_multiple_of(2) { "Allow" } else { "Deny" };
            format!(
                r#"{{"name":"Rule{number}","properties":{{"priority":{number},"direction":"Inbound","access":"{access}","protocol":"Tcp",
                "sourceAddressPrefix":"0.0.0.0/{length}","sourcePortRange":"{number}-65535","destinationAddressPrefix":"*","destinationPortRange":"1-{number}"}}}}"#
            )
        };
        let overlapping: Vec<String> = (100..=999).zip((1..=30).cycle()).map(overlapping).collect();
        let text = self.text.replace("\"...\"", &rules.join(","));
        text.replace("\"...overlapping\"", &overlapping.join(",")).into()
    }

    /// The whole document.
    pub fn document(&self) -> Vec<u8> {
        let (form, times) = self.form.split_once(' ').unwrap_or((&self.form, "1"));
        let text = &vec![self.text.as_str(); times.parse().expect("a number of times")].join(",");
        let policy =
            |machine: &str| format!(r#"{{"kind":"Basic","properties":{{"virtualMachines":[{machine}]}}}}"#);
        let request = |port: &str| {
            format!(r#"{{"virtualMachines":[{{"id":"{VM}","ports":[{port}]}}],"justification":"patching"}}"#)
        };
        match form {
            "port" => policy(&format!(r#"{{"id":"{VM}","ports":[{text}]}}"#)).into(),
            "machine" => policy(text).into(),
            "request-port" => request(text).into(),
            "stored-port" => format!(
                r#"{{"virtualMachines":[{{"id":"{VM}","ports":[{text}]}}],"startTimeUtc":"2026-01-15T11:00:00Z","requestor":"barbara@contoso.com"}}"#
            )
            .into(),
            "text" => bytes(text),
            _ => text.clone().into(),
        }
    }
}

/// `\xNN` is that byte; everything else is itself.
fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes: Vec<u8> = parts.next().unwrap_or("").into();
    for part in parts {
        let (byte, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(byte, 16).expect("two hexadecimal digits"));
        bytes.extend(rest.bytes());
    }
    bytes
}
