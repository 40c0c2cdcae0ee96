//! Content codings (RFC 9110, section 8.4): which of them a client takes, and what becomes of an `ETag` under one.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, header};

/// How an answer may be made smaller. Where a client likes both as much, the first is the better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// `br`
    Brotli,
    /// `gzip`
    Gzip,
}

impl Coding {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// As headers have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// Those that the client takes by its `Accept-Encoding`, the one that it likes best first; none that it likes less
    /// than an answer as it is (RFC 9110, section 12.5.3). Without that header there are none.
    pub fn accepted(headers: &HeaderMap) -> Vec<Self> {
        let plain = weight(headers, &["identity"]).unwrap_or_default();
        let of = |coding: Self| {
            let names: &[&str] = match coding {
                Self::Brotli => &["br"],
                Self::Gzip => &["gzip", "x-gzip"],
            };
            let weight = weight(headers, names).or_else(|| weight(headers, &["*"]))?;
            (weight > 0.0 && weight >= plain).then_some((coding, weight))
        };
        let mut accepted: Vec<(Self, f32)> = Self::ALL.into_iter().filter_map(of).collect();
        accepted.sort_by(|one, other| other.1.total_cmp(&one.1));
        accepted.into_iter().map(|(coding, _)| coding).collect()
    }

    /// The tag of an answer in this coding. A strong one stands for the very bytes that are sent (RFC 9110, section
    /// 8.8.3.3), so that of the encoded answer is another one; a weak one stays.
    pub fn tag(self, tag: &HeaderValue) -> HeaderValue {
        let strong = tag.to_str().ok().and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"'));
        let made = strong.map(|tag| HeaderValue::try_from(format!("\"{tag}-{}\"", self.name())));
        made.and_then(Result::ok).unwrap_or_else(|| tag.clone())
    }

    /// The tag of the plain answer, which that of an encoded one means as well. What is no tag stays as it is.
    pub fn untag(tag: &str) -> Cow<'_, str> {
        let opaque = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let plain = |coding: Self| opaque?.strip_suffix(coding.name())?.strip_suffix('-');
        Self::ALL.into_iter().find_map(plain).map_or(Cow::Borrowed(tag), |tag| format!("\"{tag}\"").into())
    }
}

/// How much the client likes a coding of one of these names, from 0 to 1; none where it says nothing of it. What cannot
/// be read counts as 0.
fn weight(headers: &HeaderMap, names: &[&str]) -> Option<f32> {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).find_map(|part| {
        let (name, parameter) = part.split_once(';').unwrap_or((part, "q=1"));
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name.trim())) {
            return None;
        }
        let weight = parameter.trim().strip_prefix(['q', 'Q']).and_then(|rest| rest.strip_prefix('='));
        let weight = weight.and_then(|weight| weight.parse::<f32>().ok());
        Some(weight.filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_takes() {
        for (accepted, expected) in [
            (&["gzip, deflate, br"][..], "br gzip"),
            (&["GZIP"], "gzip"),
            (&["x-gzip"], "gzip"),
            (&["gzip", "br"], "br gzip"),
            (&["br;q=0.5, gzip"], "gzip br"),
            (&["br; q=0, gzip;q=0.001"], "gzip"),
            (&["br;q=0.000,*"], "gzip"),
            (&["*"], "br gzip"),
            (&["*;q=0"], ""),
            (&["identity"], ""),
            (&["identity;q=0"], ""),
            (&["identity, gzip;q=0.9, br"], "br"),
            (&["deflate, zstd"], ""),
            (&["gzip;q=x, br;q=2"], ""),
            (&["gzip;q=-1, br;q=NaN"], ""),
            (&[""], ""),
            (&[], ""),
        ] {
            let mut headers = HeaderMap::new();
            for value in accepted {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            let found: Vec<&str> = Coding::accepted(&headers).into_iter().map(Coding::name).collect();
            assert_eq!(found.join(" "), expected, "{accepted:?}");
        }
    }

    #[test]
    fn tags_there_and_back() {
        for (plain, encoded) in [("\"17\"", "\"17-br\""), ("W/\"17\"", "W/\"17\""), ("17", "17")] {
            let tag = Coding::Brotli.tag(&HeaderValue::from_static(plain));
            assert_eq!(tag, encoded);
        }
        for (tag, plain) in [
            ("\"17-br\"", "\"17\""),
            ("\"17-gzip\"", "\"17\""),
            ("\"17\"", "\"17\""),
            ("\"17-zip\"", "\"17-zip\""),
            ("17-br", "17-br"),
            ("*-br", "*-br"),
            ("*", "*"),
            ("\"", "\""),
        ] {
            assert_eq!(Coding::untag(tag), plain);
        }
    }
}
