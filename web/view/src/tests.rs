//! The calls that the notation is made into.
use proc_macro2::TokenStream;
use quote::quote;

use crate::made;

fn words(tokens: TokenStream) -> String {
    made(tokens).to_string().split_whitespace().collect()
}

#[test]
fn fixed_attributes_are_a_table_and_others_are_calls() {
    let made = words(quote! { <a class="link" hidden href=to on:click=go class:on=is>"here"</a> });
    assert!(made.contains(r#"new("a",false,&[("class","link"),("hidden","")])"#), "{made}");
    assert!(made.contains(r#"set(crate::dom::Place::Attribute,"href",to)"#), "{made}");
    assert!(made.contains(r#"on("click",::leptos::ev::click,go)"#), "{made}");
    assert!(made.contains(r#"set(crate::dom::Place::Class,"on",is)"#), "{made}");
    assert!(made.contains(r#"put("here",&mutelement)"#), "{made}");
}

#[test]
fn what_stands_in_a_drawing_is_drawn() {
    let made = words(quote! { <g><title>"bar"</title></g> });
    assert!(made.contains(r#"new("title",true,"#), "{made}");
    assert!(words(quote! { <title>"page"</title> }).contains(r#"new("title",false,"#));
}

#[test]
fn components_are_handed_on() {
    let made = words(quote! { <Menu label="Samples">{items}</Menu> });
    assert!(
        made.contains(r#"::leptos::view!{<Menulabel="Samples">{crate::dom::Child::view(items)}</Menu>}"#),
        "{made}"
    );
}

#[test]
fn what_it_does_not_know_is_an_error() {
    for tokens in [quote! { <a bind:value=x /> }, quote! { <a {..all} /> }, quote! { <a>"x" }] {
        assert!(words(tokens).contains("compile_error"));
    }
}
