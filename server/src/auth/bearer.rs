//! The header `Authorization`, and why it does not do, as Azure Resource Manager says it.

use axum::http::{HeaderMap, header};

use crate::http::caller::Unauthorized;

/// Longer ones are no tokens: a JWT with two hundred groups has about 9 KB.
const LONGEST: usize = 16 * 1024;

/// Why a token does not do; never with anything of the token in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// There is none.
    Missing,
    /// The header is not `Bearer` and a token.
    NotBearer,
    /// It is over.
    Expired,
    /// Anything else, in words.
    Invalid(&'static str),
}

impl From<Rejection> for Unauthorized {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Missing => Self::MISSING,
            Rejection::NotBearer => Self {
                code: "AuthenticationFailedInvalidHeader",
                message:
                    "Authentication failed. The 'Authorization' header is provided in an invalid format."
                        .into(),
            },
            Rejection::Expired => Self::EXPIRED,
            Rejection::Invalid(why) => {
                Self { message: format!("The access token is invalid: {why}.").into(), ..Self::INVALID }
            }
        }
    }
}

/// The token of the call.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Rejection> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Err(Rejection::Missing) };
    if values.next().is_some() {
        return Err(Rejection::NotBearer);
    }
    let text = value.to_str().map_err(|_| Rejection::NotBearer)?;
    let (scheme, token) = text.split_once(' ').ok_or(Rejection::NotBearer)?;
    let token = token.trim();
    let fits = scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty() && token.len() <= LONGEST;
    if fits && !token.contains(char::is_whitespace) { Ok(token) } else { Err(Rejection::NotBearer) }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn headers_with_and_without_a_token() {
        assert_eq!(bearer(&headers(&["Bearer abc"])), Ok("abc"));
        assert_eq!(bearer(&headers(&["bearer  abc "])), Ok("abc"));
        assert_eq!(bearer(&headers(&[])), Err(Rejection::Missing));
        let long = format!("Bearer {}", "a".repeat(LONGEST + 1));
        for odd in ["", "Bearer", "Bearer ", "Basic abc", "abc", "Bearer a b", "Bearer é", &long] {
            assert_eq!(bearer(&headers(&[odd])), Err(Rejection::NotBearer), "{odd}");
        }
        assert_eq!(bearer(&headers(&["Bearer a", "Bearer b"])), Err(Rejection::NotBearer));
    }

    #[test]
    fn answers_say_why() {
        let answer = Unauthorized::from(Rejection::Invalid("it is unknown"));
        assert_eq!(
            (answer.code, answer.message.as_ref()),
            (Unauthorized::INVALID.code, "The access token is invalid: it is unknown.")
        );
        for rejection in [Rejection::Missing, Rejection::NotBearer, Rejection::Expired] {
            assert!(Unauthorized::from(rejection).message.ends_with('.'));
        }
    }
}
