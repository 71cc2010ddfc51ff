//! The command line: what it prints, what it refuses, and its exit codes.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{EMAIL, Engine, Installation, PASSWORD, Server, finish};

/// The status of signing in with the tests' password.
fn sign_in(server: &Server, email: &str) -> u16 {
    let body = json!({ "userName": email, "password": PASSWORD });
    server.client("").post("/authentication", &body).expect("the server answers").status
}

#[test]
fn first_start_says_where_to_set_up_until_an_owner_exists() {
    let installation = Installation::new(Engine::Sqlite);
    let server = installation.serve();
    let line = server.line("/setup#token=").expect("a line with the address of the set-up");
    assert!(line.contains(&format!("{}/setup#token=", server.url())), "{line}");
    installation.set_up().ok();
    server.stop("TERM");

    let (_, _, said) = installation.serve().stop("TERM");
    assert!(!said.iter().any(|line| line.contains("#token=")), "{said:?}");
}

#[test]
fn second_setup_is_refused_and_changes_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine);
        installation.set_up().ok();
        installation.set_up().refused(1);
        installation.set_up_as("other@example.org").refused(1);

        let server = installation.serve();
        assert_eq!(sign_in(&server, EMAIL), 200);
        assert_eq!(sign_in(&server, "other@example.org"), 401);
    }
}

#[test]
fn setup_takes_the_password_from_a_file() {
    let installation = Installation::new(Engine::Sqlite);
    let file = installation.folder().join("password");
    // The newline that editors and `echo` put at the end is no part of the password.
    fs::write(&file, format!("{PASSWORD}\n")).expect("the password file");
    let file = file.to_str().expect("a path in UTF-8");
    installation.run(&["setup", "--email", EMAIL, "--password-file", file, "--name", "Web Office"]).ok();
    assert_eq!(sign_in(&installation.serve(), EMAIL), 200);
}

#[test]
fn wrong_usage_is_2() {
    let installation = Installation::new(Engine::Sqlite);
    for words in [
        &["nonsense"][..],
        &["serve", "--listen", "nowhere"],
        &["serve", "--nonsense"],
        &["setup", "--email", EMAIL],
        &["setup", "--password-stdin"],
        &["key", "create", "--name", "nobody's"],
        &["key", "create", "--user", EMAIL, "--name", "n", "--expires-in-days", "many"],
        &["key", "revoke"],
    ] {
        let done = installation.run(words);
        assert_eq!(done.code, Some(2), "{words:?}: {}{}", done.stdout, done.stderr);
    }
    assert!(!installation.data().exists(), "wrong usage made a data folder");
}

#[test]
fn commands_work_without_a_server() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine);
        installation.set_up().ok();
        let key = installation.key(&[]);
        installation.run(&["doctor"]).ok();

        let server = installation.serve();
        let me = server.client(&key).get("/people/@self").expect("the server answers");
        assert_eq!((me.status, me.body["response"]["email"].as_str()), (200, Some(EMAIL)));
    }
}

#[test]
fn keys_are_made_and_listed_while_the_server_runs() {
    let installation = Installation::new(Engine::Sqlite);
    let server = installation.serve();
    installation.set_up().ok();

    let narrow = ["--scope", "rooms:read", "--expires-in-days", "7"];
    let words = [&["key", "create", "--user", EMAIL, "--name", "laptop"][..], &narrow].concat();
    let printed = installation.run(&words).ok();
    let key = printed.strip_suffix('\n').expect("the key and a newline");
    let digits = key.strip_prefix("sk-").unwrap_or_default();
    assert!(
        digits.len() == 64 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
        "{printed:?}"
    );

    let client = server.client(key);
    assert_eq!(client.get("/files/rooms").expect("the server answers").status, 200);
    assert_eq!(client.get("/people/@self").expect("the server answers").status, 403);

    let listed = installation.run(&["key", "list"]).ok();
    assert!(listed.contains("laptop") && listed.contains(&key[key.len() - 4..]), "{listed}");
    assert!(!listed.contains(key), "the list gives the key away");

    installation.run(&["key", "create", "--user", "nobody@example.org", "--name", "n"]).refused(1);
    installation
        .run(&["key", "create", "--user", EMAIL, "--name", "n", "--scope", "rooms:everything"])
        .refused(1);
    installation.run(&["key", "revoke", "00000000-0000-0000-0000-000000000001"]).refused(1);
}

#[test]
fn revoked_key_is_dead_within_200_ms() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::alone(engine);
        let server = installation.serve();
        installation.set_up().ok();
        let client = server.client(&installation.key(&[]));
        // Used, so that the server remembers it.
        let own = client.get("/keys/@self").expect("the server answers");
        let id = own.body["response"]["id"].as_str().expect("the key's id");

        installation.run(&["key", "revoke", id]).ok();
        let revoked = Instant::now();
        while client.get("/files/rooms").expect("the server answers").status == 200 {
            assert!(
                revoked.elapsed() < Duration::from_millis(200),
                "it still opens after {:?}",
                revoked.elapsed()
            );
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(client.get("/files/rooms").expect("the server answers").status, 401);
    }
}

#[test]
fn signals_shut_down_cleanly() {
    for signal in ["TERM", "INT"] {
        let installation = Installation::new(Engine::Sqlite);
        let server = installation.serve();
        // A connection that is kept open and has nothing to say must not hold the server up.
        let client = server.client("");
        assert_eq!(client.get("/authentication").expect("the server answers").status, 200);
        let address = server.url().strip_prefix("http://").expect("an http address").to_owned();

        let (code, took, _) = server.stop(signal);
        assert_eq!(code, Some(0), "{signal}: {}", installation.log());
        assert!(took < Duration::from_secs(5), "{signal}: it took {took:?}");
        assert!(TcpStream::connect(address).is_err(), "{signal}: the port is still open");
    }
}

#[test]
fn second_server_on_a_data_folder_is_refused() {
    let installation = Installation::new(Engine::Sqlite);
    let first = installation.serve();
    installation.run(&["serve", "--listen", "127.0.0.1:0"]).refused(1);
    assert_eq!(first.client("").get("/authentication").expect("the server answers").status, 200);
}

#[test]
fn config_show_says_where_each_value_comes_from() {
    let installation = Installation::new(Engine::Sqlite);
    let file = installation.folder().join("mine.toml");
    fs::write(&file, "[server]\npublic_url = \"https://file.example.org\"\n")
        .expect("the configuration file");
    let words = ["config", "show", "--config", file.to_str().expect("a path in UTF-8")];

    assert!(installation.run(&["config", "show"]).ok().contains("127.0.0.1:8080"));
    let from_file = line_of(&installation.run(&words).ok(), "public_url");
    assert!(from_file.contains("https://file.example.org") && from_file.contains("mine.toml"), "{from_file}");

    let variable = "ENFILADE_SERVER__PUBLIC_URL";
    let mut command = installation.command(&words);
    let done = finish(command.env(variable, "https://env.example.org"), "");
    let from_environment = line_of(&done.ok(), "public_url");
    assert!(from_environment.contains("https://env.example.org"), "{from_environment}");
    assert!(from_environment.contains(variable), "{from_environment}");

    fs::write(&file, "[server]\nnonsense = 1\n").expect("the configuration file");
    let done = installation.run(&words);
    assert!(done.code != Some(0) && done.stderr.contains("nonsense"), "{:?}: {}", done.code, done.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let installation = Installation::new(Engine::Sqlite);
    let mut command = installation.command(&["openapi"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    // Like `head`, which has seen enough.
    drop(child.stdout.take());
    let done = child.wait_with_output().expect("its end");
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
}

fn line_of(text: &str, part: &str) -> String {
    text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("no {part} in: {text}")).to_owned()
}

#[test]
fn doctor_is_content_while_the_server_runs() {
    let installation = Installation::new(Engine::Sqlite);
    let _server = installation.serve();
    installation.set_up().ok();
    let mail = line_of(&installation.run(&["doctor"]).ok(), "mail:");
    assert!(mail.starts_with("ok") && mail.contains("outbox"), "{mail}");
}

#[test]
fn the_doctor_says_that_a_mail_server_is_not_there() {
    let installation = Installation::new(Engine::Sqlite);
    installation.set_up().ok();
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let mut command = installation.command(&["doctor"]);
    command.env("ENFILADE_MAIL__SMTP_HOST", "127.0.0.1");
    command.env("ENFILADE_MAIL__SMTP_PORT", free.port().to_string());
    command.env("ENFILADE_MAIL__SMTP_USER", "rooms").env("ENFILADE_MAIL__SMTP_PASSWORD", "secret-word");
    let done = finish(&mut command, "");
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    let mail = line_of(&done.stdout, "mail:");
    assert!(mail.starts_with("PROBLEM") && !mail.contains("secret-word"), "{mail}");

    let mut command = installation.command(&["config", "show"]);
    let shown = finish(
        command.env("ENFILADE_MAIL__SMTP_PASSWORD", "secret-word").env("ENFILADE_MAIL__SMTP_USER", "rooms"),
        "",
    );
    let line = line_of(&shown.ok(), "smtp_password");
    assert!(line.contains("***") && !line.contains("secret-word"), "{line}");
}

#[test]
fn openapi_prints_the_document() {
    let installation = Installation::new(Engine::Sqlite);
    let document: Value = serde_json::from_str(&installation.run(&["openapi"]).ok()).expect("JSON");
    assert!(
        document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")),
        "{}",
        document["openapi"]
    );
    assert!(document["paths"]["/api/2.0/files/rooms"]["post"].is_object());
    assert!(!installation.data().exists(), "printing a document made a data folder");
}

#[test]
fn accounts_are_made_switched_and_given_passwords() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine);
        installation.run(&["user", "list"]).refused(1);
        installation.set_up().ok();
        let server = installation.serve();
        let with_password = |words: &[&str], password: &str| {
            let mut command = installation.command(words);
            finish(command.arg("--password-stdin").stdin(Stdio::piped()), password)
        };
        let create =
            ["user", "create", "--email", "ada@example.org", "--first-name", "Ada", "--type", "guest"];
        with_password(&create, "short").refused(1);
        with_password(&create, PASSWORD).ok();
        with_password(&create, PASSWORD).refused(1);
        let listed = installation.run(&["user", "list"]).ok();
        let [owner, ada] = [EMAIL, "ada@example.org"].map(|email| line_of(&listed, email));
        assert!(owner.contains(" owner ") && ada.contains(" guest ") && ada.ends_with("active"), "{listed}");
        assert_eq!(sign_in(&server, "ada@example.org"), 200);

        let about =
            |verb: &'static str, email: &'static str| installation.run(&["user", verb, "--email", email]);
        about("disable", "ada@example.org").ok();
        assert_eq!(sign_in(&server, "ada@example.org"), 403);
        with_password(&["user", "password", "--email", "ada@example.org"], "another-one").refused(1);
        about("enable", "ada@example.org").ok();
        about("disable", EMAIL).refused(1);
        about("enable", "nobody@example.org").refused(1);
        about("forget-app", EMAIL).refused(1);

        with_password(&["user", "password", "--email", EMAIL], "another-one").ok();
        let status = |password: &str| {
            let body = json!({ "userName": EMAIL, "password": password });
            server.client("").post("/authentication", &body).expect("the server answers").status
        };
        assert_eq!((status(PASSWORD), status("another-one")), (401, 200));
    }
}

#[test]
fn portals_are_founded_listed_and_deleted() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine);
        installation.set_up().ok();
        let said = installation.run(&["portal", "create", "--alias", "Team-A", "--name", "Team A"]).ok();
        assert!(said.contains("http://team-a.localhost:8080"), "{said}");
        installation.run(&["portal", "create", "--alias", "team-a"]).refused(1);
        installation.run(&["portal", "create", "--alias", "a b"]).refused(1);
        installation.run(&["portal", "create"]).refused(2);
        let listed = installation.run(&["portal", "list"]).ok();
        assert!(listed.contains("localhost") && listed.contains("team-a"), "{listed}");

        // With several portals a command must say which it means.
        let words = ["key", "create", "--user", EMAIL, "--name", "n"];
        let asked = installation.run(&words).refused(1);
        assert!(asked.contains("localhost, team-a"), "{asked}");
        let key = installation.run(&[&words[..], &["--portal", "localhost"]].concat()).ok();
        installation.run(&[&words[..], &["--portal", "team-a"]].concat()).refused(1);
        installation.run(&["key", "list", "--portal", "nobody"]).refused(1);
        let mut command =
            installation.command(&["setup", "--portal", "team-a", "--email", EMAIL, "--password-stdin"]);
        finish(command.stdin(Stdio::piped()), PASSWORD).ok();
        let other = installation.run(&[&words[..], &["--portal", "team-a"]].concat()).ok();

        let server = installation.serve();
        let status = |key: &str| server.client(key.trim()).get("/people/@self").expect("an answer").status;
        assert_eq!((status(&key), status(&other)), (200, 401), "the address is the first portal's");
        let asked = installation.run(&["portal", "delete", "--alias", "team-a"]).refused(1);
        assert!(asked.contains("Team A") && asked.contains("--yes"), "{asked}");
        let delete = |alias: &str| installation.run(&["portal", "delete", "--alias", alias, "--yes"]);
        delete("team-a").ok();
        delete("team-a").refused(1);
        delete("localhost").refused(1);
        let listed = installation.run(&["portal", "list"]).ok();
        assert!(!listed.contains("team-a"), "{listed}");
    }
}
