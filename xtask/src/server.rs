//! The real server as a process: started on a free port, asked over HTTP, killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::project;

/// How long a server may take to answer for the first time.
const START_PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(20);
/// How long one answer may take.
const ANSWER_PATIENCE: Duration = Duration::from_secs(30);

/// A server that runs; dropped, it is killed.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// The binary with arguments, as for an administrative command.
pub(crate) fn command(profile: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(project::server_binary(profile));
    command.args(arguments).stdin(Stdio::null());
    command
}

impl Server {
    /// Starts `serve` on a data directory and waits until it answers.
    pub(crate) fn start(profile: &str, data_dir: &Path) -> Result<Self> {
        let address = free_address()?;
        let listen = address.to_string();
        let mut serve = command(profile, &["serve", "--listen", &listen, "--data-dir"]);
        // Everything comes from one address here, which is no stranger's.
        serve
            .arg(data_dir)
            .env("ENGAGETRACK_EVENTS_PER_ADDRESS", "0")
            .env("ENGAGETRACK_EVENTS_PER_SITE", "0")
            .env("ENGAGETRACK_REFRESH_RATES", "off");
        serve.stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self { child: serve.spawn().context("the server cannot be started")?, address };
        let tries = START_PATIENCE.as_millis() / PAUSE.as_millis();
        for _ in 0..tries {
            if server.is_ready() {
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended at once ({status}); run it by hand to see why");
            }
            std::thread::sleep(PAUSE);
        }
        bail!("the server did not answer within {} s", START_PATIENCE.as_secs())
    }

    fn is_ready(&self) -> bool {
        Connection::open(self.address)
            .and_then(|mut connection| connection.get("/healthz"))
            .is_ok_and(|code| code == 200)
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status()?;
        if !status.success() {
            bail!("the server could not be asked to end");
        }
        let ended = self.child.wait()?;
        if !ended.success() {
            bail!("the server ended with {ended}");
        }
        Ok(())
    }

    /// The processor time that it has taken, by the kernel's count.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        /// The kernel counts hundredths of a second for whoever reads them, whatever it counts itself.
        const TICK: Duration = Duration::from_millis(10);
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name of the program, in parentheses, may hold anything.
        let fields = stat.rsplit(')').next().context("no figures")?;
        let ticks = |place: usize| -> Result<u32> {
            Ok(fields.split_whitespace().nth(place).context("no figure")?.parse()?)
        };
        Ok(TICK * ticks(11)?.saturating_add(ticks(12)?))
    }

    /// The memory that it holds, in bytes, by the kernel's count.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(kilobytes.saturating_mul(1024))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is as well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// A keep-alive connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
    line: String,
    body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_PATIENCE))?;
        Ok(Self { stream: BufReader::new(stream), address, line: String::new(), body: Vec::new() })
    }

    /// Posts a body; the status.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> Result<u16> {
        self.post_with(path, "", body)
    }

    /// Posts a body with more headers, each ended by a new line; the status.
    pub(crate) fn post_with(&mut self, path: &str, headers: &str, body: &str) -> Result<u16> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36\r\ncontent-type: text/plain\r\n{headers}content-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.exchange(&request)
    }

    /// Gets a path; the status.
    pub(crate) fn get(&mut self, path: &str) -> Result<u16> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.address);
        self.exchange(&request)
    }

    fn exchange(&mut self, request: &str) -> Result<u16> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let status = self.read_line()?;
        let code = status.split(' ').nth(1).context("no status line")?.parse()?;
        let mut length = 0;
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body)?;
        Ok(code)
    }

    fn read_line(&mut self) -> Result<String> {
        self.line.clear();
        if self.stream.read_line(&mut self.line)? == 0 {
            bail!("the connection was closed");
        }
        Ok(self.line.trim_end().to_owned())
    }
}
