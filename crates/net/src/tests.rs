use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::*;

/// A server of one answer; its address.
fn server(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://localhost:{}/a.png", listener.local_addr().expect("its address").port());
    std::thread::spawn(move || {
        let (mut peer, _) = listener.accept().expect("a caller");
        let mut request = [0; 4096];
        let _ = peer.read(&mut request);
        let _ = peer.write_all(answer.as_bytes());
    });
    address
}

#[test]
fn a_content_is_fetched_where_that_is_allowed() {
    let address = server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    assert_eq!(Outbound::new(true).fetch(&address, 10).expect("the content"), b"hello");
}

#[test]
fn this_machine_is_refused_before_a_connection_by_whatever_name() {
    for host in
        ["localhost", "127.0.0.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254"]
    {
        let answer = Outbound::new(false).fetch(&format!("http://{host}:9/"), 10);
        assert!(matches!(answer, Err(Error::Private)), "{host}: {answer:?}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for address in [
        "",
        "a.png",
        "/a.png",
        "ftp://example.org/a.png",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "a b",
    ] {
        let answer = Outbound::new(false).fetch(address, 10);
        assert!(matches!(answer, Err(Error::NoAddress)), "{address}: {answer:?}");
    }
}

#[test]
fn a_longer_content_a_redirect_and_a_refusal_are_errors() {
    let long = server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    assert!(matches!(Outbound::new(true).fetch(&long, 4), Err(Error::TooLong(4))));
    let endless = server("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello hello hello");
    assert!(matches!(Outbound::new(true).fetch(&endless, 4), Err(Error::TooLong(4))));
    for answer in [
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "gibberish\r\n\r\n",
    ] {
        let fetched = Outbound::new(true).fetch(&server(answer), 10);
        assert!(matches!(fetched, Err(Error::Failed(_))), "{fetched:?}");
    }
}
