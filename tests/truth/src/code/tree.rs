//! A text as the tree that a grammar of tree-sitter makes of it.

use tree_sitter::{Language, Node, Parser, Tree};

/// The tree; the text must be without a fault.
pub fn parse(language: &Language, text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(language).expect("a language");
    let tree = parser.parse(text, None).expect("a tree");
    assert!(!tree.root_node().has_error(), "not of the language: {text}");
    tree
}

/// What it holds that has a name.
pub fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// All nodes of that kind inside, in order, none of them within another.
pub fn all<'t>(node: Node<'t>, kind: &str) -> Vec<Node<'t>> {
    if node.kind() == kind {
        return vec![node];
    }
    children(node).into_iter().flat_map(|child| all(child, kind)).collect()
}

/// Its text.
pub fn text<'t>(node: Node, source: &'t str) -> &'t str {
    &source[node.byte_range()]
}
