//! Providers whose keys are behind a URL.

use super::*;

/// A provider that answers each path as told, which gets its own address; the answer is that address.
fn provider(answer: impl Fn(&str, &str) -> String + Send + 'static) -> String {
    serve(TcpListener::bind("127.0.0.1:0").unwrap(), answer)
}

fn serve(listener: TcpListener, answer: impl Fn(&str, &str) -> String + Send + 'static) -> String {
    let own = format!("http://{}", listener.local_addr().unwrap());
    let address = own.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap();
            let head = String::from_utf8_lossy(&buffer[..length]).into_owned();
            let body = answer(&own, head.split(' ').nth(1).unwrap());
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).unwrap();
        }
    });
    address
}

/// An issuer is asked where its keys are, each time that they are read.
#[tokio::test]
async fn an_issuer_says_where_its_keys_are() {
    static KEYS: Mutex<(&str, String)> = Mutex::new(("", String::new()));
    let (first, second) = (Signer::ec("e1"), Signer::ec("e2"));
    let answer = |own: &str, path: &str| {
        let (place, keys) = KEYS.lock().unwrap().clone();
        match path {
            "/t/.well-known/openid-configuration" => {
                json!({"issuer": format!("{own}/t/"), "jwks_uri": format!("{own}{place}")}).to_string()
            }
            path if path == place => keys,
            _ => "nothing".to_owned(),
        }
    };
    let url = provider(answer);
    let new = async |issuer: String| {
        let config = OidcConfig::new(&issuer, &[AUDIENCE.into()], None, &[]).unwrap();
        tokio::task::spawn_blocking(move || Oidc::new(config)).await.unwrap()
    };
    *KEYS.lock().unwrap() = ("/one", set(&[first.jwk()]));
    // The issuer's name counts to the letter, and its document is where the name says.
    for wrong in ["/t", "/u"] {
        let issuer = format!("{url}{wrong}");
        let auth = Authenticator::new(SigningKey::random(), Some(new(issuer.clone()).await.unwrap()));
        let header = headers(&format!("Bearer {}", first.sign(&with(&[("iss", issuer.into())]))));
        assert!(auth.caller(&header, &State::new(), at(0)).await.is_err(), "{wrong}");
    }
    let oidc = new(format!("{url}/t/")).await.unwrap();
    let auth = Authenticator::new(SigningKey::random(), Some(oidc));
    let state = State::new();
    let ask = async |signer: &Signer, issuer: &str| {
        let header = headers(&format!("Bearer {}", signer.sign(&with(&[("iss", issuer.into())]))));
        auth.caller(&header, &state, at(0)).await.is_ok()
    };
    let issuer = format!("{url}/t/");
    assert!(ask(&first, &issuer).await);
    assert!(!ask(&first, ISSUER).await);
    *KEYS.lock().unwrap() = ("/two", set(&[second.jwk()]));
    auth.oidc().unwrap().forget_when().await;
    assert!(ask(&second, &issuer).await);
    assert!(!ask(&first, &issuer).await);
}

/// A provider that is away when the server starts, or says nothing of use, keeps nobody out but those with its tokens, and
/// them no longer than that.
#[tokio::test]
async fn a_provider_may_come_later() {
    let new = async |url: String| tokio::task::spawn_blocking(move || oidc(&url, &[])).await.unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert!(new(format!("http://{nobody}/keys")).await.is_ok());
    for (status, body) in [
        ("503 Service Unavailable", ""),
        ("403 Forbidden", ""),
        ("404 Not Found", ""),
        ("408 Request Timeout", ""),
        ("429 Too Many Requests", ""),
        ("200 OK", "<html>"),
        ("200 OK", "{}"),
        ("200 OK", "{\"keys\":[]}"),
    ] {
        comes_later(status, body).await;
    }
}

async fn comes_later(status: &'static str, content: &'static str) {
    let new = async |url: String| tokio::task::spawn_blocking(move || oidc(&url, &[])).await.unwrap();
    let signer = Signer::ec("e1");
    let body = set(&[signer.jwk()]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        // At the start of the server, and when the first token comes.
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let _head = stream.read(&mut [0; 4096]).unwrap();
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", content.len());
            stream.write_all(format!("{head}Connection: close\r\n\r\n{content}").as_bytes()).unwrap();
        }
        serve(listener, move |_, _| body.clone());
    });
    let auth = Authenticator::new(SigningKey::random(), Some(new(url).await.expect(status)));
    let state = State::new();
    let ask = async || {
        let header = headers(&format!("Bearer {}", signer.sign(&claims())));
        auth.caller(&header, &state, at(0)).await.is_ok()
    };
    assert!(!ask().await, "{status} {content}");
    assert!(!ask().await, "the provider was asked a moment ago");
    auth.oidc().unwrap().forget_when().await;
    assert!(ask().await, "{status} {content}");
}

/// A new key is asked for when a token names it; however many unknown ones come, the provider is asked seldom.
#[tokio::test]
async fn keys_behind_a_url() {
    static BODY: Mutex<String> = Mutex::new(String::new());
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let (first, second, stranger) = (Signer::ec("e1"), Signer::ec("e2"), Signer::ec("e3"));
    *BODY.lock().unwrap() = set(&[first.jwk()]);
    let url = provider(|_, _| {
        ASKED.fetch_add(1, Ordering::SeqCst);
        BODY.lock().unwrap().clone()
    });
    let url = format!("{url}/keys");
    let oidc = tokio::task::spawn_blocking(move || oidc(&url, &[])).await.unwrap().unwrap();
    let auth = Authenticator::new(SigningKey::random(), Some(oidc));
    let state = State::new();
    let ask = async |signer: &Signer| {
        let header = headers(&format!("Bearer {}", signer.sign(&claims())));
        auth.caller(&header, &state, at(0)).await.is_ok()
    };
    assert!(ask(&first).await);
    assert_eq!(ASKED.load(Ordering::SeqCst), 1);
    *BODY.lock().unwrap() = set(&[second.jwk()]);
    assert!(!ask(&second).await, "the provider was asked a moment ago");
    auth.oidc().unwrap().forget_when().await;
    assert!(ask(&second).await);
    assert_eq!(ASKED.load(Ordering::SeqCst), 2);
    assert!(!ask(&first).await, "a key that is withdrawn is void");
    for _ in 0..20 {
        assert!(!ask(&stranger).await);
    }
    assert_eq!(ASKED.load(Ordering::SeqCst), 2);
    // What cannot be read leaves the old keys.
    auth.oidc().unwrap().forget_when().await;
    *BODY.lock().unwrap() = "gone".into();
    assert!(!ask(&stranger).await);
    assert_eq!(ASKED.load(Ordering::SeqCst), 3);
    assert!(ask(&second).await);
    // But not for ever.
    auth.oidc().unwrap().outlive();
    assert!(!ask(&second).await);
    *BODY.lock().unwrap() = set(&[second.jwk()]);
    auth.oidc().unwrap().forget_when().await;
    assert!(ask(&second).await);
    // A provider that has withdrawn all of them has none.
    *BODY.lock().unwrap() = set(&[]);
    auth.oidc().unwrap().forget_when().await;
    assert!(!ask(&stranger).await);
    assert!(!ask(&second).await);
}

/// Keys without a name come one after the other, and a token tells by its signature alone that there is a new one.
#[tokio::test]
async fn keys_without_names_are_asked_for_anew() {
    static BODY: Mutex<String> = Mutex::new(String::new());
    let nameless = |signer: &Signer| {
        let mut jwk = signer.jwk();
        jwk.as_object_mut().unwrap().remove("kid");
        set(&[jwk])
    };
    let (first, second) = (Signer::ec(""), Signer::ec(""));
    *BODY.lock().unwrap() = nameless(&first);
    let url = provider(|_, _| BODY.lock().unwrap().clone());
    let oidc = tokio::task::spawn_blocking(move || oidc(&url, &[])).await.unwrap().unwrap();
    let auth = Authenticator::new(SigningKey::random(), Some(oidc));
    let state = State::new();
    let ask = async |signer: &Signer| {
        let token = signer.sign_as(signer.algorithm, None, &claims());
        auth.caller(&headers(&format!("Bearer {token}")), &state, at(0)).await.is_ok()
    };
    assert!(ask(&first).await);
    *BODY.lock().unwrap() = nameless(&second);
    assert!(!ask(&second).await, "the provider was asked a moment ago");
    auth.oidc().unwrap().forget_when().await;
    assert!(ask(&second).await);
    assert!(!ask(&first).await);
}
