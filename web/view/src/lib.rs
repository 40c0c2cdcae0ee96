//! `view!`: the notation of Leptos's macro of that name, made into calls of `crate::dom` where Leptos makes a type for
//! every element and everything in it. The calls are a third of the code.
//!
//! Components stay Leptos's: they are handed on to its macro, with their children made here.
mod element;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use rstml::node::Node;
use rstml::{Parser, ParserConfig};

/// Elements, components, texts in quotes and Rust in braces, as Leptos writes them.
///
/// One root gives what it is; several give a `Vec<AnyView>`. Of attributes it knows `name=value`, `name`,
/// `class:name=`, `style:name=`, `prop:name=`, `on:event=`, `node_ref=`, `inner_html=` and `key=`; a value
/// may be a closure. An element is not drawn anew as one with another key.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    made(tokens.into()).into()
}

fn made(tokens: TokenStream) -> TokenStream {
    let parsed = Parser::new(ParserConfig::default()).parse_simple(tokens);
    let made = parsed.and_then(|nodes: Vec<Node>| match nodes.as_slice() {
        [root] => element::node(root, false),
        roots => {
            let roots = element::views(roots)?;
            Ok(quote! { ::std::vec![#(#roots),*] })
        }
    });
    made.unwrap_or_else(|error| error.to_compile_error())
}
