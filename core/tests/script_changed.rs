//! What shells may have changed by the time a script sends it: functions, branches, shells in shells, and each way to
//! assign. It is not known then, and what cannot have changed still is.

use crate::support;
use crate::support::scripts::sent;
use crate::support::shell::script;
use serde_json::{Value, json};

/// The number of the port that is sent, as its justification.
fn number(script: &str) -> Value {
    sent(script)["justification"].clone()
}

/// That all of these lines leave `$PORT` with that number.
#[track_caller]
fn all(expected: &Value, cases: &[&str]) {
    let wrong: Vec<_> = cases.iter().filter(|lines| number(&script(lines)) != *expected).collect();
    assert!(wrong.is_empty(), "not {expected}: {wrong:#?}");
}

fn unknown(cases: &[&str]) {
    all(&json!("<justification>"), cases);
}

fn known(cases: &[&str]) {
    all(&json!("22"), cases);
}

#[test]
fn functions_and_what_they_call() {
    unknown(&[
        "open() { rdp; }\nrdp() { PORT=3389; }\nPORT=22\nopen",
        "a() { b; }\nb() { c; }\nc() { a; PORT=3389; }\nPORT=22\na",
        "a() { b; }\nb() { a; PORT=3389; }\nPORT=22\nif a; then :; fi",
        "a() { command b; }\nb() { printf -v PORT 3389; }\nPORT=22\n! time a",
        "a() { \"$1\"; }\nb() { PORT=3389; }\nPORT=22\na b",
        "a() { PORT=3389; }\na() { PORT=22; }\nPORT=22\na",
        "my.open() { PORT=3389; }\nPORT=22\nmy.open",
        "az::open() {\nPORT=3389\n}\nPORT=22\naz::open",
        "function open\n{\nPORT=3389\n}\nPORT=22\nopen",
        "open()\n{\nPORT=3389\n}\nPORT=22\nopen",
        "open() if true; then PORT=3389; fi\nPORT=22\nopen",
        "open() {\n  if false; then return; fi\n  read PORT <<< 3389\n}\nPORT=22\nopen",
        "outer() { inner() { PORT=3389; }; }\nPORT=22\nouter\ninner",
        "open() { for PORT in 1 3389; do :; done; }\nPORT=22\nopen",
        "open() { : \"${PORT:=3389}\"; }\nPORT=22\nunset PORT\nopen",
    ]);
    known(&[
        "open() (\nPORT=3389\n)\nPORT=22\nopen",
        "open() { rdp; }\nrdp() { OTHER=3389; }\nPORT=22\nopen",
        "log() { local LINE=$1; echo \"$LINE\" >&2; }\nPORT=22\nlog ready",
    ]);
}

#[test]
fn what_functions_see() {
    let inside = |before: &str, behind: &str| {
        let call = script("").replace("\naz", "\n  az");
        format!("{before}\nopen() {{{call}}}\n{behind}\n")
    };
    for (before, behind) in [
        ("PORT=22", "printf -v PORT 3389\nopen"),
        ("PORT=22", "((PORT++))\nopen"),
        ("PORT=22", "PORT=3389 open"),
        ("PORT=22", "source x.sh\nopen"),
        ("PORT=22", "unset PORT\n: ${PORT:=3389}\nopen"),
        ("PORT=22", "PORT[0]=3389\nopen"),
        ("rdp() { PORT=3389; }\nPORT=22", "rdp\nopen"),
        ("rdp() { later; }\nPORT=22", "later() { PORT=3389; }\nrdp\nopen"),
        ("rdp() { local PORT=3389; open; }\nPORT=22", "rdp"),
        ("PORT=22", "rdp() { local PORT=3389; open; }\nrdp"),
    ] {
        assert_eq!(number(&inside(before, behind)), json!("<justification>"), "{before} … {behind}");
    }
    for (before, behind) in [
        ("PORT=22", "open"),
        ("PORT=22", "echo ${PORT}\nopen"),
        ("a() { b; }\nPORT=22", "b() { :; }\na\nopen"),
    ] {
        assert_eq!(number(&inside(before, behind)), json!("22"), "{before} … {behind}");
    }
}

#[test]
fn declarations() {
    unknown(&[
        "PORT=22\nexport \"PORT=3389\"",
        "PORT=22\ndeclare PORT[0]=3389",
        "PORT=22\nNAME=PORT\ndeclare \"$NAME=3389\"",
        "PORT=22\nexport $NAME=3389",
        "declare -i PORT\nPORT=20+2",
        "typeset -u PORT=pt\nPORT=22",
        "readonly PORT=3389\nPORT=22",
        "declare -r PORT=3389\nPORT=22",
        "declare -n REF=PORT\nPORT=22\nREF=3389",
        "open() { declare -g PORT=3389; }\nPORT=22\nopen",
        "open() { export PORT=3389; }\nPORT=22\nopen",
        "open() { readonly PORT=3389; }\nPORT=22\nopen",
        "PORT=22\nset_it() { local -n REF=$1; REF=3389; }\nset_it PORT",
    ]);
    known(&[
        "PORT=22\nexport PORT",
        "PORT=22\nreadonly PORT",
        "declare PORT=22",
        "export OTHER=1 PORT=22",
        "PORT=22\ndeclare -x OTHER",
    ]);
    // A local variable is empty at first.
    let call = script("local PORT").replace('\n', "\n  ");
    assert_eq!(number(&format!("PORT=22\nopen() {{\n  {call}\n}}\nopen\n")), json!("<justification>"));
}

#[test]
fn branches_and_lists() {
    unknown(&[
        "PORT=22\nif true; then PORT=3389; fi",
        "PORT=22\nif false; then :; elif PORT=3389; then :; fi",
        "PORT=22\nif false; then PORT=1; else PORT=3389; fi",
        "PORT=22\ncase a in a) PORT=3389 ;; *) PORT=1 ;; esac",
        "PORT=22\ncase if in if) PORT=3389 ;; esac",
        "PORT=22\ncase a in\n(a|b) PORT=3389;;\nesac",
        "PORT=22\nwhile read -r PORT; do :; done <<< 3389",
        "PORT=22\nuntil PORT=3389; do :; done",
        "PORT=22\nfor PORT; do :; done",
        "PORT=22\nfor ((PORT = 0; PORT < 5; PORT++)); do :; done",
        "PORT=22\nselect PORT in 3389; do break; done <<< 1",
        "PORT=22\n[ -n x ] && PORT=3389",
        "PORT=22\n[[ -n x && -n y ]] && PORT=3389",
        "PORT=22\nfalse || PORT=3389",
        "PORT=3389\nOTHER=$(false) && PORT=22",
        "PORT=3389\nPORT=22 | cat",
        "PORT=3389\n{ PORT=22; } | cat",
        "PORT=3389\nPORT=22 &",
        "PORT=3389\necho 22 | read PORT",
        "PORT=22\nwhile true; do PORT=3389; break; done<x",
    ]);
    known(&[
        "PORT=22\nif true; then OTHER=1; else OTHER=2; fi",
        "PORT=22\ncase a in a) echo if ;; esac",
        "PORT=3389; PORT=22 && echo ready",
        "PORT=3389\n! PORT=22",
        "PORT=3389\ntime PORT=22",
        "PORT=22\n(PORT=3389)",
        "PORT=22\nOTHER=$(PORT=3389; echo 1)",
        "PORT=22\nsleep 1 &",
        "PORT=1\nfor PORT in 3389 22; do :; done",
    ]);
    // Of what one branch assigns, its siblings know nothing; nor does what runs where that failed.
    let call = |before: &str, behind: &str| {
        let call = script("");
        format!("PORT=22\n{before}\n{}\n{behind}\n", call.trim())
    };
    for (before, behind) in [
        ("if false; then PORT=3389; else", "fi"),
        ("if false; then PORT=3389; elif true; then", "fi"),
        ("case b in a) PORT=3389 ;; b)", ";; esac"),
        ("case b in\na) PORT=3389\n;;\n*)", "esac"),
        ("false && PORT=3389 ||", ""),
        ("false && PORT=3389 || true &&", ""),
        ("true || PORT=3389 &&", ""),
        ("PORT=3389 |", ""),
        ("PORT=3389 &", ""),
        ("while true; do", "((PORT++)); done"),
        ("while true; do", "later\nlater() { PORT=3389; }\ndone"),
        ("for i in *; do", "read PORT; done"),
        ("for i in $LIST; do", ": ${OTHER:=$((PORT = 3))}; done"),
    ] {
        assert_eq!(number(&call(before, behind)), json!("<justification>"), "{before} … {behind}");
    }
    for (before, behind) in [
        ("if true; then", "else PORT=3389; fi"),
        ("true &&", "PORT=3389"),
        ("while true; do", "echo $PORT; done"),
    ] {
        assert_eq!(number(&call(before, behind)), json!("22"), "{before} … {behind}");
    }
}

#[test]
fn each_way_to_assign() {
    unknown(&[
        "PORT=22\nunset PORT\necho ${PORT:=3389}",
        "PORT=\necho \"${PORT:=3389}\"\n[ -n \"$PORT\" ]",
        "PORT=22\ncat <<EOF\n${PORT:=3389}\nEOF",
        "PORT=22\necho ${OTHER:-${PORT:=3389}}",
        "PORT=22\necho $((PORT = 3389))",
        "PORT=22\necho \"$((PORT++))\"",
        "PORT=22\necho $((PORT += 1))",
        "PORT=22\n((PORT = 3389))",
        "PORT=22\n(( PORT = 3389 )) && echo x",
        "PORT=22\nlet 'PORT = 3389'",
        "PORT=22\nlet PORT=3389",
        "PORT=22\nread -r PORT OTHER <<< '3389 1'",
        "PORT=22\nNAME=PORT\nread \"$NAME\" <<< 3389",
        "PORT=22\nIFS=, read -r PORT <<< 3389",
        "PORT=22\nmapfile PORT <<< 3389",
        "PORT=22\nreadarray -t PORT <<< 3389",
        "PORT=22\nprintf -vPORT 3389",
        "PORT=22\nNAME=PORT\nprintf -v \"$NAME\" 3389",
        "PORT=22\nunset PORT",
        "PORT=22\nPORT[0]=3389",
        "ARR=(3389 22)\nPORT=$ARR",
        "ARR=(3389)\nARR+=22\nPORT=${ARR[1]}",
        "PORT=22\ngetopts p: PORT",
        "PORT=22\neval PORT=3389",
        "PORT=22\ncommand eval 'PORT=3389'",
        "PORT=22\nbuiltin eval 'PORT=3389'",
        "PORT=22\nsource vars.sh",
        "PORT=22\n. vars.sh",
        "PORT=22\n. <(echo PORT=3389)",
        "source lib.sh\nPORT=22\nset_port 3389",
        "trap 'PORT=3389' DEBUG\nPORT=22\n:",
        "RANDOM=22\nPORT=$RANDOM",
        "REPLY=22\nread <<< 3389\nPORT=$REPLY",
        "PWD=22\ncd /\nPORT=$PWD",
        "PORT=`cat port`",
        "PORT=`echo 22`",
        "PORT=$'22'\nPORT=$'\\x33389'",
        "PORT=$#",
        "PORT=\"$*\"",
        "PORT=3389\nexec 3< x\nPORT=$1",
    ]);
    known(&[
        "PORT=22\necho ${PORT:-3389} ${OTHER:=5}",
        "PORT=22\necho $((PORT + 1)) $((OTHER = 1))",
        "PORT=22\n[ $((PORT)) == 22 ]",
        "PORT=22\nread -r OTHER",
        "PORT=2\nPORT+=2",
        "PORT=22\nprintf -v OTHER 1",
        "PORT=22\nprintf '%s' PORT",
        "PORT=22\nset -euo pipefail",
        "PORT=22\ntrap 'rm -f x' EXIT",
        "source lib.sh\nPORT=22\naz account show",
        "PORT=22\nOTHER=`date`",
        "PORT=22\ncommand -v az",
        "PORT=22\nexec 3< x",
    ]);
    // Words are put together before what is assigned to a command alone is.
    let early = script("PORT=22").replace("\naz", "\nPORT=3389 az");
    assert_eq!(number(&early), json!("22"));
    let special = script("PORT=3389\nPORT=22 :");
    assert_eq!(number(&special), json!("<justification>"), "some shells keep what is assigned to a builtin");
}

#[test]
fn what_stands_behind_a_document() {
    unknown(&[
        "PORT=22\ncat > x <<EOF || read PORT <<< 3389\nq\nEOF",
        "N=22\nPORT=$(N=3389 <<EOF cat\n$N\nEOF\n)",
        "PORT=22\ncat <<EOF; printf -v PORT 3389\nq\nEOF",
        "PORT=22\ncat <<EOF; echo \"${PORT:=3389}\" $((PORT = 3389))\nq\nEOF",
        "head() { PORT=3389; }\nPORT=22\ncat > x <<EOF; head\nq\nEOF",
    ]);
    known(&[
        "PORT=3389\ncat > x <<EOF && PORT=22\nq\nEOF",
        "PORT=3389\ncat > x <<EOF; PORT=22\nq\nEOF",
        "PORT=22\ncat > x <<EOF || true\nq\nEOF",
        "N=22\nPORT=$(N=3389 cat <<EOF\n$N\nEOF\n)",
        "PORT=22\ncat <<EOF | jq . > x 2>&1\nq\nEOF",
        "PORT=22\ncat <<EOF && az account show\nq\nEOF",
        "PORT=22\ncat <<A <<B\nPORT=1\nA\nPORT=3389\nB",
        "PORT=22\ncat <<A; cat <<B\nPORT=1\nA\nPORT=3389\nB\nPORT=22",
    ]);
}

#[test]
fn words_without_quotes() {
    unknown(&[
        "P='22,3389'\nIFS=','\nfor PORT in $P; do :; done",
        "P='1 22'\nfor PORT in $P\"b c\"; do :; done",
        "P='1 22'\nfor PORT in a$P; do :; done",
        "P=22\nfor PORT in ${P}{a,b}; do :; done",
        "ALL=('22 3389')\nfor PORT in ${ALL[@]}; do :; done",
        "PORT=~",
        "PORT=22:~/x",
        "export PORT=~/x",
        "for PORT in ~; do :; done",
        "ALL=(~ ~)\nfor PORT in \"${ALL[@]}\"; do :; done",
        "PORT=a^\n",
    ]);
    known(&[
        "P='3389 22'\nfor PORT in $P; do :; done",
        "P='3389 22'\nfor PORT in ${P}; do :; done",
        "for PORT in 3389 2\"2\"; do :; done",
        "P=2\nfor PORT in \"$P\"'2'; do :; done",
        "ALL=(3389 22)\nfor PORT in ${ALL[@]}; do :; done",
        "PORT=2\\\n2",
    ]);
    let spaces = "P='22  x'\nfor PORT in a\"b c\" \"$P\"; do :; done";
    assert_eq!(number(&script(spaces)), json!("22  x"));
}

#[test]
fn names_that_only_powershell_knows() {
    for (lines, expected) in [
        ("A=10.0.0.4\nPORT=\"$A:22\"", "10.0.0.4:22"),
        ("using=x\nPORT=\"$using:abc\"", "x:abc"),
        ("script=x\nabc=y\nPORT=\"$script:abc\"", "x:abc"),
        ("true=vm\nPORT=\"$true\"", "vm"),
        ("null=vm\nPORT=\"${null}-x\"", "vm-x"),
        ("false=vm\nPORT=$false", "vm"),
        ("PORT=\"$é\"", "$é"),
        ("A=x\nPORT=\"$Aé\"", "xé"),
    ] {
        assert_eq!(number(&script(lines)), json!(expected), "{lines}");
    }
    for name in ["GROUPS", "EPOCHSECONDS", "EPOCHREALTIME", "FUNCNAME", "DIRSTACK", "HISTCMD", "BASHPID"] {
        unknown(&[&format!("{name}=22\nPORT=${name}")]);
    }
}

#[test]
fn odd_ways_to_assign() {
    unknown(&[
        "PORT=22\nexec {PORT}>/dev/null",
        "PORT=22\nX=$[PORT=3389]",
        "PORT=22\n[[ PORT=3389 -eq 3389 ]]",
        "PORT=22\n[[ -n x && PORT=3389 -eq 3389 ]]",
        "PORT=22\nX=PORT=3389\necho $((X))",
        "PORT=22\nX=PORT++\n(( X ))",
        "PORT=22\nX=PORT=3389\nlet X",
        "PORT=22\nX=PORT=3389\n[[ X -gt 1 ]]",
        "PORT=22\nalias rdp='PORT=3389'\nrdp",
        "alias rdp='PORT=3389'\nPORT=22\nrdp",
        "PORT=22\nalias rdp='read PORT'\nrdp <<< 3389",
        "PORT=22\nfunction\trdp { PORT=3389; }\nrdp",
        "PORT=22\nPORT=3389 export X=1",
        "PORT=22\nPORT=3389 declare X=1",
        "PORT=22\necho a `\necho b`\nPORT=3389",
        "PORT=22\necho a ^\nPORT=3389",
    ]);
    known(&[
        "PORT=22\nX=5\necho $((X + 1)) $[X + 1]",
        "PORT=22\n[[ $X -eq 5 ]]",
        "PORT=22\nalias k='az account show'",
        "PORT=22\nexec 3>/dev/null",
        "PORT=22\naz vm list `\n  --output tsv",
    ]);
}

#[test]
fn documents_in_documents() {
    // Each level is read once, and only so many of them.
    let text = script(&"x=$(cat <<E\n".repeat(20_000));
    assert!(!jitgate_core::check(text.as_bytes(), &support::scripts::options()).diagnostics.is_empty());
    let closed = format!("{}{}", "x=$(cat <<E\n".repeat(40), "E\ncat x)\n".repeat(40));
    assert_eq!(number(&format!("{closed}{}", script("PORT=22"))), json!("22"));
    // There, a backslash before a quote stays.
    let quoted = script("").replace("--body '", "--body @- <<EOF\n").replace("'\"$PORT\"'", "a\\\"b");
    let quoted = quoted.replace("\"}'", "\"}\nEOF");
    assert_eq!(number(&quoted), json!("a\"b"));
}
