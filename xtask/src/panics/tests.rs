//! A small module, byte by byte.
use wasmparser::{Parser, Payload};

use super::{CALL, CONST, END, LOCAL_GET, UNREACHABLE, ZERO, silenced};

const TEXT: &[u8] = b"\x02\0\0\0\x20\0\0\0plackepttext";

fn section(number: u8, content: &[u8]) -> Vec<u8> {
    let mut section = vec![number, u8::try_from(content.len()).unwrap() | 0x80, 0];
    if content.len() > 127 {
        section[2] = 1;
    }
    section.extend(content);
    section
}

fn custom(name: &str, content: &[u8]) -> Vec<u8> {
    let named = [&[u8::try_from(name.len()).unwrap()], name.as_bytes(), content].concat();
    section(0, &named)
}

fn padded(number: u8) -> [u8; 5] {
    [number | 0x80, 0x80, 0x80, 0x80, 0]
}

/// `run`, which points to `kept` and panics with a record and a place; the record, with a function and a text.
fn module() -> Vec<u8> {
    let run = [
        &[0, CONST][..],
        &padded(28),
        &[0x1a, CONST],
        &padded(16),
        &[CONST, 5, CONST],
        &padded(24),
        &[CALL],
        &padded(0),
        &[UNREACHABLE, END],
    ]
    .concat();
    let panic = [0, LOCAL_GET, 0, 0x1a, UNREACHABLE, END];
    let word = [0, 1, END];
    let mut code = vec![3];
    let mut start = 0;
    for body in [&panic[..], &run, &word] {
        code.push(u8::try_from(body.len()).unwrap());
        if body == run {
            start = u8::try_from(code.len()).unwrap();
        }
        code.extend(body);
    }
    let names = ["_RNvNtCs_4core9panicking9panic_fmt", "run", "word"];
    let mut symbols = vec![7];
    for (index, name) in (0..).zip(names) {
        symbols.extend([&[0, 0, index, u8::try_from(name.len()).unwrap()], name.as_bytes()].concat());
    }
    for (start, size) in [(0, 8), (8, 4), (12, 4), (16, 4)] {
        symbols.extend([1, 0, 1, b'd', 0, start, size]);
    }
    let linking = [&[2, 8, u8::try_from(symbols.len()).unwrap()], symbols.as_slice()].concat();
    let at = |offset: u8| start.saturating_add(offset);
    let of_code = [6, 4, 4, at(2), 5, 0, 4, at(9), 3, 0, 4, at(17), 4, 0, 0, at(23), 0];
    let of_data = [7, 2, 2, 6, 2, 5, 10, 6, 0];
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[2, 0x60, 3, 0x7f, 0x7f, 0x7f, 0, 0x60, 0, 0]),
        section(3, &[3, 0, 1, 1]),
        section(4, &[1, 0x70, 0, 3]),
        section(5, &[1, 0, 1]),
        section(7, &[1, 3, b'r', b'u', b'n', 0, 1]),
        section(9, &[1, 0, CONST, 2, END, 1, 2]),
        section(10, &code),
        section(11, &[&[1, 0, CONST, 16, END, 20], TEXT].concat()),
        custom("linking", &linking),
        custom("reloc.CODE", &of_code),
        custom("reloc.DATA", &of_data),
    ]
    .concat()
}

#[test]
fn what_only_a_panic_says_is_gone() {
    let module = module();
    wasmparser::validate(&module).unwrap();
    let silenced = silenced(&module).unwrap();
    wasmparser::validate(&silenced).unwrap();
    let data = silenced.windows(20).next_back().unwrap();
    assert_eq!(data, b"\0\0\0\0\0\0\0\0\0\0\0\0kept\0\0\0\0");
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(&silenced) {
        if let Payload::CodeSectionEntry(body) = payload.unwrap() {
            bodies.push(body.as_bytes().to_vec());
        }
    }
    let run = [&[0, CONST][..], &padded(28), &[0x1a, CONST], &ZERO, &[CONST, 5, CONST], &ZERO, &[CALL]];
    assert!(bodies[1].starts_with(&run.concat()), "{:?}", bodies[1]);
    assert_eq!(bodies[0], [0, 0, 0, 0, 0, END]);
    assert_eq!(bodies[2], [0, 0, END]);
}

#[test]
fn what_returns_is_no_panic() {
    let mut module = module();
    let panic = module.windows(6).position(|part| part == [0, LOCAL_GET, 0, 0x1a, UNREACHABLE, END]).unwrap();
    // `nop` in the place of the trap.
    module[panic + 4] = 1;
    let silenced = silenced(&module).unwrap();
    assert_eq!(silenced.windows(20).next_back().unwrap(), TEXT);
}
