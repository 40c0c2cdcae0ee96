//! PowerShell: hash tables, arrays, strings in single quotes, sums of strings, and the commands that take them.
//! (`about_Quoting_Rules`, `about_Arrays`, `about_Hash_Tables`, `about_Parsing`.)

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use tree_sitter::Node;

use super::tree::{all, children, parse, text};
use super::{Call, place, policy, policy_id, variable};

/// What runs: assignments and commands, in order.
pub fn calls(source: &str) -> Vec<Call> {
    let tree = parse(&tree_sitter_powershell::LANGUAGE.into(), source);
    let mut machine =
        Machine { source, variables: HashMap::new(), subscription: String::new(), calls: Vec::new() };
    let statements = all(tree.root_node(), "statement_list");
    for statement in statements.first().map(|list| children(*list)).unwrap_or_default() {
        machine.run(statement);
    }
    machine.calls
}

struct Machine<'s> {
    source: &'s str,
    variables: HashMap<String, Value>,
    subscription: String,
    calls: Vec<Call>,
}

impl Machine<'_> {
    fn run(&mut self, statement: Node) {
        let assignment = children(statement).into_iter().find(|node| node.kind() == "assignment_expression");
        if let Some(assignment) = assignment {
            let parts = children(assignment);
            let name = text(parts[0], self.source).to_ascii_lowercase();
            let value = self.value(*parts.last().expect("a value"));
            self.variables.insert(name, value);
            return;
        }
        let commands = all(statement, "command");
        assert_eq!(commands.len(), 1, "{}", text(statement, self.source));
        self.command(commands[0]);
    }

    fn command(&mut self, command: Node) {
        let parts = children(command);
        let name = text(parts[0], self.source);
        let mut parameters: HashMap<String, Value> = HashMap::new();
        let mut open = None;
        for element in parts.get(1).map(|elements| children(*elements)).unwrap_or_default() {
            match element.kind() {
                "command_argument_sep" => {}
                "command_parameter" => open = Some(text(element, self.source).to_owned()),
                _ => {
                    let parameter = open.take().expect("every argument has its parameter");
                    parameters.insert(parameter, self.value(element));
                }
            }
        }
        let word = |name: &str| parameters.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let call = match name {
            "Set-AzContext" => {
                self.subscription = word("-Subscription");
                return;
            }
            "Set-AzJitNetworkAccessPolicy" => {
                let [group, location, name] = ["-ResourceGroupName", "-Location", "-Name"].map(word);
                let place = policy_id([&self.subscription, &group, &location, &name]);
                Call { place, body: policy(parameters.get("-Kind"), &parameters["-VirtualMachine"]) }
            }
            "Start-AzJitNetworkAccessPolicy" => {
                let body = json!({ "virtualMachines": parameters["-VirtualMachine"] });
                Call { place: word("-ResourceId"), body }
            }
            "Invoke-AzRestMethod" => {
                let body = parameters["-Payload"].clone();
                Call { place: place(&word("-Path"), word("-Method") == "POST"), body }
            }
            other => panic!("no such command: {other}"),
        };
        self.calls.push(call);
    }

    fn value(&self, node: Node) -> Value {
        let parts = children(node);
        match node.kind() {
            "string_literal" => json!(literal(text(node, self.source))),
            "integer_literal" => json!(text(node, self.source).parse::<u32>().expect("a number")),
            "variable" => {
                let name = text(node, self.source).to_ascii_lowercase();
                match self.variables.get(&name) {
                    // What is to be filled in stands for itself.
                    Some(Value::String(open)) if open.starts_with('<') => json!(variable(&name[1..])),
                    Some(value) => value.clone(),
                    None => panic!("{name} was never set"),
                }
            }
            "hash_literal_expression" => {
                let entries = all(node, "hash_entry").into_iter().map(|entry| {
                    let parts = children(entry);
                    (text(parts[0], self.source).to_owned(), self.value(parts[1]))
                });
                Value::Object(entries.collect::<Map<_, _>>())
            }
            // `@( )` makes an array of whatever is in it, an array or not.
            "array_expression" => match parts.as_slice() {
                [] => json!([]),
                [list] => match self.value(*list) {
                    Value::Array(elements) => Value::Array(elements),
                    one => Value::Array(vec![one]),
                },
                _ => panic!("{}", text(node, self.source)),
            },
            "array_literal_expression" if parts.len() > 1 => {
                Value::Array(parts.into_iter().map(|part| self.value(part)).collect())
            }
            "additive_expression" if parts.len() == 2 => {
                let [left, right] = [self.value(parts[0]), self.value(parts[1])];
                let left = left.as_str().expect("a string comes first");
                json!(format!("{left}{}", right.as_str().expect("a string or a character")))
            }
            "cast_expression" => {
                assert_eq!(text(parts[0], self.source), "[char]");
                let code = self.value(parts[1]).as_u64().expect("a number");
                let char = u32::try_from(code).ok().and_then(char::from_u32).expect("a character");
                json!(char.to_string())
            }
            // A word, or an expression that is worked out when the script runs.
            "command_name" | "generic_token" | "invokation_expression" => json!(text(node, self.source)),
            // `$Body | ConvertTo-Json -Depth 10`: what goes in is what comes out.
            "pipeline_chain" if parts.len() == 2 => {
                assert_eq!(text(parts[1], self.source), "ConvertTo-Json -Depth 10");
                self.value(parts[0])
            }
            _ => match parts.as_slice() {
                [one] => self.value(*one),
                _ => panic!("{}: {}", node.kind(), text(node, self.source)),
            },
        }
    }
}

/// A string in single quotes. PowerShell takes any of five characters for such a quote, and two for the second.
fn literal(text: &str) -> String {
    const QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    assert!(!text.contains(['\r', '\n', '\0']), "a line break may be changed on the way: {text:?}");
    let mut inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).expect("quotes").chars();
    let mut out = String::new();
    while let Some(char) = inner.next() {
        if QUOTES.contains(&char) {
            out.push(inner.next().filter(|next| QUOTES.contains(next)).expect("the string ends too early"));
        } else {
            out.push(char);
        }
    }
    out
}
