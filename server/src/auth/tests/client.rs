//! The token endpoint.

use super::*;

const ID_FORM: &str = "grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.azure.com%2F%2F.default";

fn form(body: &str) -> TokenForm {
    TokenForm::parse(body.as_bytes(), &HeaderMap::new()).unwrap()
}

fn body(secret: &Secret) -> Value {
    serde_json::from_str(secret.expose()).unwrap()
}

#[test]
fn credentials_become_an_access_token() {
    let mut world = World::default();
    let (id, secret) = world.token("robot", "Reader", GROUP, None);
    let key = SigningKey::random();
    let auth = Authenticator::new(key.clone(), None);
    for client in [id.clone(), id.to_uppercase(), "robot".to_owned()] {
        let asked = form(&format!("{ID_FORM}&client_id={client}&client_secret={}", secret.expose()));
        let answer = body(&auth.grant(&asked, &world.state, at(0)).unwrap());
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(3600)));
        let token = answer["access_token"].as_str().unwrap();
        let header = headers(&format!("Bearer {token}"));
        // A restart changes nothing, another key everything.
        let again = Authenticator::new(key.clone(), None);
        let caller = again.check(&header, &world.state, at(3599)).unwrap();
        assert!(caller.may(action::JIT_READ, &scope(GROUP)));
        assert_eq!(refused(&auth, &header, &world.state, 3600).0, "ExpiredAuthenticationToken");
        let other = Authenticator::new(SigningKey::random(), None);
        assert_eq!(refused(&other, &header, &world.state, 1).0, "InvalidAuthenticationToken");
    }
}

#[test]
fn an_access_token_ends_with_its_credential() {
    let mut world = World::default();
    let (id, secret) = world.token("robot", "Reader", "/", Some(at(100)));
    let auth = Authenticator::new(SigningKey::random(), None);
    let asked = form(&format!("{ID_FORM}&client_id={id}&client_secret={}", secret.expose()));
    let answer = body(&auth.grant(&asked, &world.state, at(0)).unwrap());
    assert_eq!(answer["expires_in"], 100);
    let header = headers(&format!("Bearer {}", answer["access_token"].as_str().unwrap()));
    assert!(auth.check(&header, &world.state, at(99)).is_ok());
    assert_eq!(refused(&auth, &header, &world.state, 100).0, "ExpiredAuthenticationToken");
    assert_eq!(auth.grant(&asked, &world.state, at(100)).unwrap_err().error, "invalid_client");
    world.run(Command::RevokeCredential(id));
    assert_eq!(refused(&auth, &header, &world.state, 1).0, "InvalidAuthenticationToken");
    assert_eq!(auth.grant(&asked, &world.state, at(0)).unwrap_err().error, "invalid_client");
}

#[test]
fn what_is_refused() {
    let mut world = World::default();
    let (id, secret) = world.token("robot", "Reader", "/", None);
    let (other, _) = world.token("other", "Owner", "/", None);
    let auth = Authenticator::new(SigningKey::random(), None);
    let secret = secret.expose();
    let cases = [
        (String::new(), 400, "invalid_request"),
        (format!("client_id={id}&client_secret={secret}"), 400, "invalid_request"),
        (format!("grant_type=password&client_id={id}&client_secret={secret}"), 400, "unsupported_grant_type"),
        (ID_FORM.to_owned(), 401, "invalid_client"),
        (format!("{ID_FORM}&client_id={id}"), 401, "invalid_client"),
        (format!("{ID_FORM}&client_id={id}&client_secret=jgt_wrong"), 401, "invalid_client"),
        (format!("{ID_FORM}&client_id={id}&client_secret="), 401, "invalid_client"),
        (format!("{ID_FORM}&client_id=nobody&client_secret={secret}"), 401, "invalid_client"),
        (format!("{ID_FORM}&client_id={other}&client_secret={secret}"), 401, "invalid_client"),
    ];
    for (text, status, error) in cases {
        let refusal = auth.grant(&form(&text), &world.state, at(0)).unwrap_err();
        assert_eq!((refusal.status, refusal.error), (status, error), "{text}");
        let body: Value = serde_json::from_str(&refusal.body()).unwrap();
        assert_eq!(body["error"], error);
        assert!(body["error_description"].as_str().unwrap().starts_with("AADSTS"));
        assert!(!refusal.body().contains("jgt_"));
    }
    let twice = TokenForm::parse(b"client_id=a&client_id=b", &HeaderMap::new()).unwrap_err();
    assert_eq!((twice.status, twice.error), (400, "invalid_request"));
    assert!(TokenForm::parse(&vec![b'a'; 16 * 1024 + 1], &HeaderMap::new()).is_err());
}

#[test]
fn the_first_version_and_basic() {
    let mut world = World::default();
    let (id, secret) = world.token("robot", "Reader", "/", None);
    let auth = Authenticator::new(SigningKey::random(), None);
    let text = format!(
        "grant_type=client_credentials&resource=https%3A%2F%2Fmanagement.azure.com%2F&client_id={id}&client_secret={}",
        secret.expose()
    );
    let answer = body(&auth.grant(&form(&text), &world.state, at(0)).unwrap());
    assert_eq!(answer["resource"], "https://management.azure.com/");
    assert_eq!(answer["expires_on"], (NOW + 3600).to_string());
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("{id}:{}", secret.expose()),
    );
    let form =
        TokenForm::parse(b"grant_type=client_credentials", &headers(&format!("Basic {basic}"))).unwrap();
    assert!(auth.grant(&form, &world.state, at(0)).is_ok());
}

#[test]
fn configurations() {
    let read = |tenant| -> Value {
        serde_json::from_str(&openid_configuration("https://jit.example", tenant).unwrap()).unwrap()
    };
    assert_eq!(read("t1")["token_endpoint"], "https://jit.example/t1/oauth2/v2.0/token");
    assert_eq!(read("t1")["issuer"], "https://jit.example/t1/v2.0");
    assert_eq!(read("adfs")["token_endpoint"], "https://jit.example/adfs/oauth2/token");
    assert_eq!(read("t1")["jwks_uri"], "https://jit.example/t1/discovery/v2.0/keys");
    assert_eq!(read("ADFS")["jwks_uri"], "https://jit.example/adfs/discovery/keys");
    for odd in ["", "a/b", "a b", "é", "a\"b", &"a".repeat(129)] {
        assert_eq!(openid_configuration("https://jit.example", odd), None, "{odd}");
    }
}
