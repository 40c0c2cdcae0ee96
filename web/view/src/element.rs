//! One node of the notation as an expression.
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use rstml::node::{CustomNode, KeyedAttribute, Node, NodeAttribute, NodeElement, NodeName};
use syn::spanned::Spanned;
use syn::{Error, Result, Stmt};

/// The elements of SVG that the portal draws with. `title` is one only within another.
const SVG: &[&str] = &["svg", "g", "path", "rect", "line", "text"];

/// What a node is: an element, an `AnyView`, or what stands in its braces.
pub fn node<C: CustomNode>(node: &Node<C>, in_svg: bool) -> Result<TokenStream> {
    match node {
        Node::Element(element) if is_component(element.name()) => component(element),
        Node::Element(element) => plain(element, in_svg),
        Node::Text(text) => {
            let text = &text.value;
            Ok(quote! { #text })
        }
        Node::Block(block) => Ok(match block.try_block().map(|block| block.stmts.as_slice()) {
            // Braces around a single value would be warned of.
            Some([Stmt::Expr(value, None)]) => value.to_token_stream(),
            _ => block.to_token_stream(),
        }),
        other => Err(Error::new(other.span(), "`view!` does not know this")),
    }
}

/// Each of the nodes as an `AnyView`.
pub fn views<C: CustomNode>(nodes: &[Node<C>]) -> Result<Vec<TokenStream>> {
    let nodes = children(nodes, false)?;
    Ok(nodes.into_iter().map(|node| quote! { crate::dom::Child::view(#node) }).collect())
}

fn children<C: CustomNode>(nodes: &[Node<C>], in_svg: bool) -> Result<Vec<TokenStream>> {
    nodes.iter().filter(|it| !matches!(it, Node::Comment(_))).map(|it| node(it, in_svg)).collect()
}

/// As in Leptos: components have a capital letter.
fn is_component(name: &NodeName) -> bool {
    name.to_string().starts_with(|first: char| first.is_ascii_uppercase())
}

/// A component is Leptos's own; only its children are made here.
fn component<C: CustomNode>(element: &NodeElement<C>) -> Result<TokenStream> {
    if element.children.is_empty() {
        return Ok(quote! { crate::dom::component(::leptos::view! { #element }) });
    }
    let (open, close) = (&element.open_tag, &element.close_tag);
    let children = match element.children.as_slice() {
        [only] => node(only, false).map(|made| quote! { crate::dom::Child::view(#made) })?,
        all => {
            let all = views(all)?;
            quote! { crate::dom::Child::view(::std::vec![#(#all),*]) }
        }
    };
    Ok(quote! { crate::dom::component(::leptos::view! { #open { #children } #close }) })
}

fn plain<C: CustomNode>(element: &NodeElement<C>, in_svg: bool) -> Result<TokenStream> {
    let tag = element.name().to_string();
    let svg = in_svg || SVG.contains(&tag.as_str());
    // Attributes that never change are one table, and the others a call each.
    let (mut fixed, mut calls) = (Vec::new(), Vec::new());
    for it in element.attributes() {
        let NodeAttribute::Attribute(it) = it else {
            return Err(Error::new(it.span(), "`view!` knows attributes with a name only"));
        };
        match (it.key.to_string(), it.value_literal_string()) {
            (name, Some(text)) if !name.contains(':') => fixed.push(quote! { (#name, #text) }),
            (name, None) if it.value().is_none() => fixed.push(quote! { (#name, "") }),
            (name, _) => calls.push(attribute(&name, it)?),
        }
    }
    let children = children(&element.children, svg)?;
    Ok(quote! {{
        let mut element = crate::dom::Element::new(#tag, #svg, &[#(#fixed),*]);
        #(element.#calls;)*
        #(crate::dom::Child::put(#children, &mut element);)*
        element
    }})
}

/// An attribute whose value is to be worked out.
fn attribute(name: &str, it: &KeyedAttribute) -> Result<TokenStream> {
    let value = it.value().ok_or_else(|| Error::new(it.span(), "a value is missing here"))?;
    let call = match name.split_once(':') {
        Some(("class", class)) => quote! { set(crate::dom::Place::Class, #class, #value) },
        Some(("style", property)) => quote! { set(crate::dom::Place::Style, #property, #value) },
        Some(("prop", property)) => quote! { set(crate::dom::Place::Property, #property, #value) },
        Some(("on", event)) => {
            let event = format_ident!("{event}", span = it.key.span());
            let name = event.to_string();
            quote! { on(#name, ::leptos::ev::#event, #value) }
        }
        Some(_) => return Err(Error::new(it.span(), "`view!` does not know this kind of attribute")),
        None if name == "node_ref" => quote! { reference(#value) },
        None if name == "key" => quote! { key(#value) },
        None if name == "inner_html" => quote! { set(crate::dom::Place::Property, "innerHTML", #value) },
        None => quote! { set(crate::dom::Place::Attribute, #name, #value) },
    };
    Ok(call)
}
