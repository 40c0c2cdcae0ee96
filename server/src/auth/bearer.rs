//! The header `Authorization`, and what is answered where it does not do: 401 as Azure Resource Manager gives it.

use axum::http::{HeaderMap, header};

/// Longer ones are no tokens: a JWT with two hundred groups has about 9 KB.
const LONGEST: usize = 16 * 1024;

/// Why a call is refused with 401.
///
/// `challenge` goes into `WWW-Authenticate`. It has no `claims=`: with that, Azure's clients would ask for a new
/// token and send the call once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unauthorized {
    /// `error.code` of the body.
    pub code: &'static str,
    /// `error.message` of the body.
    pub message: String,
    /// The value of `WWW-Authenticate`.
    pub challenge: String,
}

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

impl Rejection {
    /// The answer to it; the origin is this server's, as the client knows it, without a slash at the end.
    pub fn answer(&self, origin: &str, tenant: &str) -> Unauthorized {
        let (code, message) = match self {
            Self::Missing => (
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.".to_owned(),
            ),
            Self::NotBearer => (
                "AuthenticationFailedInvalidHeader",
                "Authentication failed. The 'Authorization' header is provided in an invalid format."
                    .to_owned(),
            ),
            Self::Expired => ("ExpiredAuthenticationToken", "The access token is expired.".to_owned()),
            Self::Invalid(why) => {
                ("InvalidAuthenticationToken", format!("The access token is invalid: {why}."))
            }
        };
        // Nothing in it needs escaping: the messages are ours, the origin is a checked host.
        let challenge = format!(
            "Bearer authorization_uri=\"{origin}/{tenant}\", error=\"invalid_token\", error_description=\"{message}\""
        );
        Unauthorized { code, message, challenge }
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
    fn challenges_have_no_claims() {
        let all = [
            Rejection::Missing,
            Rejection::NotBearer,
            Rejection::Expired,
            Rejection::Invalid("it is unknown"),
        ];
        for rejection in all {
            let answer = rejection.answer("https://jit.example", "t");
            assert!(answer.challenge.starts_with("Bearer authorization_uri=\"https://jit.example/t\""));
            assert!(!answer.challenge.contains("claims"));
            assert!(answer.challenge.is_ascii() && HeaderValue::from_str(&answer.challenge).is_ok());
        }
        let answer = Rejection::Missing.answer("http://127.0.0.1:7080", "t");
        assert_eq!(answer.code, "AuthenticationFailed");
        assert_eq!(
            answer.challenge,
            "Bearer authorization_uri=\"http://127.0.0.1:7080/t\", error=\"invalid_token\", error_description=\"Authentication failed. The 'Authorization' header is missing.\""
        );
    }
}
