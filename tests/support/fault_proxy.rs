//! A TCP proxy on loopback between us and Postgres or the API server: passes, cuts, holds or delays what flows.

use anyhow::Result;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What the link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Pass,
    /// What is sent arrives; what is answered does not.
    Deaf,
    /// Nothing arrives at either side before the link passes again, and no connection ends: packets are lost.
    Held,
    /// Each answer comes so much later.
    Slow(Duration),
    /// Connections under way are closed, new ones are closed at once.
    Cut,
}

#[derive(Clone, Copy)]
struct State {
    link: Link,
    /// Connections made before the last break are closed.
    breaks: u64,
}

/// A link to `to` that can be broken.
pub struct FaultProxy {
    pub address: SocketAddr,
    link: Arc<watch::Sender<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl FaultProxy {
    pub async fn open(to: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let link = Arc::new(watch::Sender::new(State { link: Link::Pass, breaks: 0 }));
        let switch = Arc::clone(&link);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (to, switch) = (to.clone(), switch.subscribe());
                tokio::spawn(pass(client, to, switch));
            }
        });
        Ok(Self { address, link, task })
    }

    pub fn set(&self, link: Link) {
        self.link.send_modify(|state| state.link = link);
    }

    /// Closes the connections under way, whatever they wait for, and passes new ones.
    pub fn break_once(&self) {
        self.link.send_modify(|state| *state = State { link: Link::Pass, breaks: state.breaks + 1 });
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(mut client: TcpStream, to: String, mut link: watch::Receiver<State>) {
    let State { link: now, breaks } = *link.borrow_and_update();
    if now == Link::Cut {
        return;
    }
    let Ok(mut server) = TcpStream::connect(&to).await else { return };
    let (_, _) = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let (asked, answered) = (link.clone(), link.clone());
    tokio::select! {
        _ = carry(&mut from_client, &mut to_server, asked, Way::There) => {}
        _ = carry(&mut from_server, &mut to_client, answered, Way::Back) => {}
        _ = link.wait_for(|state| state.link == Link::Cut || state.breaks > breaks) => {}
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    There,
    Back,
}

/// Carries bytes one way as the link is when they come.
async fn carry(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut link: watch::Receiver<State>,
    way: Way,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        let now = link.borrow_and_update().link;
        match now {
            Link::Deaf if way == Way::Back => continue,
            Link::Held => {
                let _ = link.wait_for(|state| state.link != Link::Held).await;
            }
            Link::Slow(time) if way == Way::Back => tokio::time::sleep(time).await,
            Link::Pass | Link::Deaf | Link::Slow(_) | Link::Cut => {}
        }
        to.write_all(&buffer[..length]).await?;
    }
}
