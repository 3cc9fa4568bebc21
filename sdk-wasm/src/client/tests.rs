//! What the machine promises, with a clock, a page and a storage of the test's own.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use protocol::{Event, Identify};
use serde_json::Value;

use super::*;
use crate::consent::{GRANTED, REFUSED};
use crate::pageview::Cause;
use crate::queue::Answer;

mod collecting;
mod identities;

const SITE: &str = "https://shop.example/";
const MINUTE_MS: f64 = 60_000.0;

/// What the machine can see, which the test changes.
struct World {
    now_ms: Cell<f64>,
    random: Cell<u8>,
    address: RefCell<String>,
    referrer: RefCell<String>,
    is_visible: Cell<bool>,
    is_online: Cell<bool>,
    stored: RefCell<Stored>,
    entries: RefCell<BTreeMap<String, String>>,
}

/// What earlier pages stored.
#[derive(Clone, Debug, Default)]
struct Stored {
    visitor: String,
    session: String,
    session_state: String,
    first: String,
    queue: String,
    choice: String,
}

impl Stored {
    fn slot(&mut self, slot: Slot) -> &mut String {
        match slot {
            Slot::Visitor => &mut self.visitor,
            Slot::Session => &mut self.session,
            Slot::SessionState => &mut self.session_state,
            Slot::First => &mut self.first,
            Slot::Queue => &mut self.queue,
            Slot::Choice => &mut self.choice,
        }
    }
}

#[derive(Clone)]
struct Seen(Rc<World>);

impl Environment for Seen {
    type Value = Object;

    fn now_ms(&self) -> f64 {
        self.0.now_ms.get()
    }

    fn random(&self) -> [u8; 16] {
        self.0.random.set(self.0.random.get().wrapping_add(1));
        [self.0.random.get(); 16]
    }

    fn address(&self) -> Text {
        self.0.address.borrow().as_str().into()
    }

    fn referrer(&self) -> Text {
        self.0.referrer.borrow().as_str().into()
    }

    fn title(&self) -> Text {
        "A page".into()
    }

    fn screen(&self) -> (f64, f64) {
        (1920.0, 1080.0)
    }

    fn is_visible(&self) -> bool {
        self.0.is_visible.get()
    }

    fn is_online(&self) -> bool {
        self.0.is_online.get()
    }

    fn read(&self, slot: Slot) -> Text {
        self.0.stored.borrow_mut().slot(slot).as_str().into()
    }

    fn entries(&self, mut each: impl FnMut(Text, Text)) {
        for (id, stored) in &*self.0.entries.borrow() {
            each(id.as_str().into(), stored.as_str().into());
        }
    }

    fn json(&self, value: Object) -> Text {
        value.read().to_string().as_str().into()
    }
}

/// An object of the test's page: its place among those of the thread.
#[derive(Clone, Copy, Debug)]
struct Object(usize);

thread_local! {
    static OBJECTS: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

impl Object {
    fn of(value: Value) -> Self {
        OBJECTS.with_borrow_mut(|objects| {
            objects.push(value);
            Self(objects.len() - 1)
        })
    }

    fn read(self) -> Value {
        OBJECTS.with_borrow(|objects| objects[self.0].clone())
    }

    fn put(self, name: Constant, value: Value) {
        OBJECTS.with_borrow_mut(|objects| objects[self.0][name.to_str().unwrap()] = value);
    }
}

impl Members for Object {
    fn object() -> Self {
        Self::of(serde_json::json!({}))
    }

    fn text(self, name: Constant, text: Text) {
        if !text.is_empty() {
            self.put(name, text.read().into());
        }
    }

    fn number(self, name: Constant, number: f64) {
        self.put(name, number.into());
    }

    fn value(self, name: Constant, value: Self) {
        self.put(name, value.read());
    }
}

/// Each member of a message is one of the wire's, and means the same there.
fn assert_on_the_wire(message: &Value, is_identify: bool) {
    let read = if is_identify {
        serde_json::to_value(serde_json::from_value::<Identify<Value>>(message.clone()).unwrap())
    } else {
        serde_json::to_value(serde_json::from_value::<Event<Value>>(message.clone()).unwrap())
    };
    let read = read.unwrap();
    for (name, value) in message.as_object().unwrap() {
        let is_same = read[name] == *value || value.is_number() && read[name].as_f64() == value.as_f64();
        assert!(is_same, "{name} is {value}, read as {}", read[name]);
    }
}

fn status(status: i32) -> Answer {
    Answer { status, retry_after_seconds: 0.0 }
}

fn is_uuid(id: &str) -> bool {
    is_id(id.into())
}

/// A browser: storage, and pages opened one after the other.
struct Shop {
    world: Rc<World>,
    stored: Stored,
    /// The entries of the queue that are stored.
    entries: BTreeMap<String, String>,
    config: Config,
    surroundings: Surroundings,
    client: Client<Seen>,
    /// Every request: its way, number and messages.
    sent: Vec<(Target, i32, Vec<Value>)>,
    /// Where they went.
    urls: Vec<String>,
    /// The addresses that were shown.
    addresses: Vec<String>,
    effects: Vec<Effect>,
}

impl Shop {
    /// Opens a page with a configuration of the test's own.
    fn open_with(
        address: &str,
        change: impl FnOnce(&mut Config, &mut Surroundings, &mut Stored, &World),
    ) -> Self {
        let world = Rc::new(World {
            now_ms: Cell::new(1_700_000_000_000.0),
            random: Cell::new(0),
            address: RefCell::new(address.to_owned()),
            referrer: RefCell::default(),
            is_visible: Cell::new(true),
            is_online: Cell::new(true),
            stored: RefCell::default(),
            entries: RefCell::default(),
        });
        let mut config = Config { site_id: "pk_live_1".into(), ..Config::default() };
        let mut surroundings = Surroundings { host: "shop.example".into(), ..Surroundings::default() };
        let mut stored = Stored::default();
        change(&mut config, &mut surroundings, &mut stored, &world);
        world.stored.replace(stored.clone());
        let client = Client::new(Seen(world.clone()), config.clone(), &surroundings);
        let (entries, sent, urls, addresses, effects) = Default::default();
        let mut shop =
            Self { world, stored, entries, config, surroundings, client, sent, urls, addresses, effects };
        shop.perform();
        if !shop.surroundings.is_prerendering {
            shop.act(Input::Begin);
        }
        shop
    }

    fn open(address: &str) -> Self {
        Self::open_with(address, |_, _, _, _| ())
    }

    /// Leaves the page, by the browser's own doing, and opens another in the same tab.
    fn go(&mut self, address: &str, referrer: &str) {
        self.act(Input::Hidden);
        address.clone_into(&mut self.world.address.borrow_mut());
        referrer.clone_into(&mut self.world.referrer.borrow_mut());
        self.world.stored.replace(self.stored.clone());
        self.world.entries.replace(self.entries.clone());
        let environment = Seen(self.world.clone());
        self.client = Client::new(environment, self.config.clone(), &self.surroundings);
        self.perform();
        self.act(Input::Begin);
    }

    /// Changes the address within the document.
    fn navigate(&mut self, address: &str) {
        address.clone_into(&mut self.world.address.borrow_mut());
        self.act(Input::Moved(Cause::Navigate));
    }

    fn pass(&self, ms: f64) {
        self.world.now_ms.set(self.world.now_ms.get() + ms);
    }

    fn act(&mut self, input: Input<Object>) {
        self.client.handle(input);
        self.perform();
    }

    /// Does what is asked for, and forgets every text that the machine does not keep.
    fn perform(&mut self) {
        for effect in self.client.take_effects() {
            match effect {
                Effect::Store(slot, text) => {
                    if slot == Slot::Queue && text.is_empty() {
                        self.entries.clear();
                    }
                    *self.stored.slot(slot) = text.read();
                }
                Effect::StoreEntry(id, text) if text.is_empty() => drop(self.entries.remove(&id.read())),
                Effect::StoreEntry(id, text) => drop(self.entries.insert(id.read(), text.read())),
                Effect::Send(target, url, batch) => {
                    let body: Value = serde_json::from_str(&batch.body.read()).unwrap();
                    let messages = body.as_array().cloned().unwrap_or_else(|| vec![body]);
                    for message in &messages {
                        assert_on_the_wire(message, batch.is_identify);
                    }
                    self.urls.push(url.read());
                    self.sent.push((target, batch.number, messages));
                }
                Effect::Address(url) => self.addresses.push(url.read()),
                Effect::Wake(_) | Effect::Warn(_) => {}
            }
            self.effects.push(effect);
        }
        self.sweep();
    }

    /// As at the end of each way in.
    fn sweep(&mut self) {
        self.client.keep_texts();
        for text in [
            &mut self.config.site_id,
            &mut self.config.api_host,
            &mut self.config.event_path,
            &mut self.config.hostnames,
            &mut self.surroundings.host,
        ] {
            text.keep();
        }
        Text::sweep();
    }

    /// The server takes the last request.
    fn accept(&mut self) {
        self.answer(status(202));
    }

    fn answer(&mut self, answer: Answer) {
        let number = self.sent.last().unwrap().1;
        self.act(Input::Answered(number, answer));
    }

    /// All messages, in the order in which they were first sent.
    fn messages(&self) -> Vec<Value> {
        self.sent.iter().flat_map(|(_, _, messages)| messages.clone()).collect()
    }

    fn last(&self) -> Value {
        self.messages().pop().unwrap()
    }

    fn purchase(&mut self, order_id: &str) {
        let purchase = Purchase {
            order_id: order_id.into(),
            revenue: Some(Object::of(149.99.into())),
            currency: "usd".into(),
        };
        self.act(Input::Purchased(purchase));
    }

    /// What a checkout carries.
    fn checkout(&mut self, order_id: &str) -> Value {
        let members = self.client.checkout(order_id.into()).read();
        self.perform();
        members
    }

    fn visitor(&self) -> String {
        self.client.visitor().read()
    }

    fn session(&mut self) -> String {
        let id = self.client.session().read();
        self.perform();
        id
    }

    /// The address that a link is to be followed by.
    fn link(&self, href: &str) -> String {
        self.client.link(href.into()).read()
    }

    fn warnings(&self) -> usize {
        self.effects.iter().filter(|effect| matches!(effect, Effect::Warn(_))).count()
    }
}
