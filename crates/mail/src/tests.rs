use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use super::*;

fn letter() -> Letter {
    Letter {
        to: "ada@example.org".into(),
        to_name: "Ada\r\nBcc: eve@example.org".into(),
        subject: "Wëlcome\nX-Evil: yes".into(),
        text: "Hello <Ada>,\n\nyou are invited\nto a room.".into(),
        link: Some(("Open it".into(), "https://example.org/confirm?a=1&b=2".into())),
    }
}

fn from() -> Mailbox {
    sender("Enfilade <rooms@example.org>").expect("a sender")
}

fn server(port: u16) -> Post {
    let server = Server {
        host: "127.0.0.1".into(),
        port,
        security: Security::Plain,
        credentials: Some(("rooms".into(), "secret".into())),
    };
    Post::to_server(server, from()).expect("a way")
}

#[test]
fn a_letter_without_a_server_becomes_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let outbox = folder.path().join("outbox");
    let post = Post::to_outbox(outbox.clone(), from());
    for _ in 0..2 {
        post.send(&letter()).expect("it is sent");
    }
    let files: Vec<_> =
        std::fs::read_dir(&outbox).expect("the outbox").map(|file| file.expect("a file").path()).collect();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| file.extension().is_some_and(|end| end == "eml")), "{files:?}");
    let text = std::fs::read_to_string(&files[0]).expect("a letter");
    assert!(text.contains("From: Enfilade <rooms@example.org>\r\n"), "{text}");
    assert!(text.contains("\r\n\r\nHello <Ada>,\r\n\r\nyou are invited\r\nto a room.\r\n"), "{text}");
    assert!(text.contains("Open it:\r\nhttps://example.org/confirm?a=1&b=2\r\n"), "{text}");
    assert!(text.contains("<p>Hello &lt;Ada&gt;,</p>"), "{text}");
    let heads: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    assert!(!heads.iter().any(|line| line.starts_with("Bcc") || line.starts_with("X-Evil")), "{heads:?}");
}

#[test]
fn a_letter_to_no_address_is_never_tried() {
    for to in ["", "ada", "a b@example.org", "ada@example.org\r\nBcc: eve@example.org"] {
        let letter = Letter { to: to.into(), ..letter() };
        let sent = Post::caught(from()).send(&letter);
        assert!(matches!(sent, Err(Error::Unsendable(_))), "{to:?}: {sent:?}");
    }
}

/// A mail server for one letter; hands over what it was told.
fn listen() -> (u16, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let heard = std::thread::spawn(move || {
        let (mut peer, _) = listener.accept().expect("a caller");
        let mut lines = BufReader::new(peer.try_clone().expect("the same peer")).lines();
        let (mut told, mut in_letter) = (Vec::new(), false);
        peer.write_all(b"220 here\r\n").expect("a greeting");
        while let Some(Ok(line)) = lines.next() {
            let answer: &[u8] = match line.as_str() {
                "." => b"250 taken\r\n",
                _ if in_letter => b"",
                "DATA" => b"354 go on\r\n",
                "QUIT" => b"221 bye\r\n",
                _ if line.starts_with("EHLO") => b"250-here\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n",
                _ if line.starts_with("AUTH") => b"235 welcome\r\n",
                _ => b"250 good\r\n",
            };
            in_letter = (in_letter || line == "DATA") && line != ".";
            let over = line == "." || line == "QUIT";
            told.push(line);
            peer.write_all(answer).expect("an answer");
            if over {
                break;
            }
        }
        told
    });
    (port, heard)
}

#[test]
fn a_letter_reaches_a_mail_server() {
    let (port, heard) = listen();
    server(port).send(&letter()).expect("it is sent");
    let told = heard.join().expect("a server");
    assert!(told.iter().any(|line| line.starts_with("MAIL FROM:<rooms@example.org>")), "{told:#?}");
    assert!(told.iter().any(|line| line == "RCPT TO:<ada@example.org>"), "{told:#?}");
    assert!(told.iter().any(|line| line == "you are invited"), "{told:#?}");
}

#[test]
fn a_server_that_is_not_there_is_an_error_and_left_alone_for_a_while() {
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let post = server(port);
    assert!(matches!(post.send(&letter()), Err(Error::Failed(_))));
    let again = post.send(&letter());
    assert!(matches!(&again, Err(Error::Failed(text)) if text.contains("just now")), "{again:?}");
    assert!(post.examine().is_err());
}

#[test]
fn nothing_that_is_printed_holds_the_password() {
    assert!(!format!("{:?}", server(25)).contains("secret"));
}
