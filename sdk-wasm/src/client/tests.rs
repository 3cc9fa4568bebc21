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
const MINUTE_MS: u64 = 60_000;

/// What the machine can see, which the test changes.
struct World {
    now_ms: Cell<u64>,
    random: Cell<u8>,
    address: RefCell<String>,
    referrer: RefCell<String>,
    is_visible: Cell<bool>,
    is_online: Cell<bool>,
    stored: RefCell<Stored>,
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
    type Value = Value;

    fn now_ms(&self) -> u64 {
        self.0.now_ms.get()
    }

    fn random(&self) -> [u8; 16] {
        self.0.random.set(self.0.random.get().wrapping_add(1));
        [self.0.random.get(); 16]
    }

    fn address(&self) -> String {
        self.0.address.borrow().clone()
    }

    fn referrer(&self) -> String {
        self.0.referrer.borrow().clone()
    }

    fn title(&self) -> String {
        "A page".to_owned()
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

    fn read(&self, slot: Slot) -> String {
        self.0.stored.borrow_mut().slot(slot).clone()
    }

    fn json(&self, value: &Value) -> Option<String> {
        Some(value.to_string())
    }
}

impl Members for Value {
    fn object() -> Self {
        serde_json::json!({})
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self[name] = text.into();
        }
    }

    fn number(&mut self, name: &str, number: f64) {
        self[name] = number.into();
    }

    fn value(&mut self, name: &str, value: &Self) {
        self[name] = value.clone();
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
    sent: Vec<(Target, u32, Vec<Value>)>,
    effects: Vec<Effect>,
}

impl Shop {
    /// Opens a page with a configuration of the test's own.
    fn open_with(
        address: &str,
        change: impl FnOnce(&mut Config, &mut Surroundings, &mut Stored, &World),
    ) -> Self {
        let world = Rc::new(World {
            now_ms: Cell::new(1_700_000_000_000),
            random: Cell::new(0),
            address: RefCell::new(address.to_owned()),
            referrer: RefCell::default(),
            is_visible: Cell::new(true),
            is_online: Cell::new(true),
            stored: RefCell::default(),
        });
        let mut config = Config { site_id: "pk_live_1".into(), ..Config::default() };
        let mut surroundings = Surroundings { host: "shop.example".into(), ..Surroundings::default() };
        let mut stored = Stored::default();
        change(&mut config, &mut surroundings, &mut stored, &world);
        world.stored.replace(stored.clone());
        let client = Client::new(Seen(world.clone()), config.clone(), surroundings.clone());
        let (entries, sent, effects) = Default::default();
        let mut shop = Self { world, stored, entries, config, surroundings, client, sent, effects };
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
        let mut stored = self.stored.clone();
        for line in self.entries.values() {
            stored.queue.push('\n');
            stored.queue.push_str(line);
        }
        self.world.stored.replace(stored);
        let environment = Seen(self.world.clone());
        self.client = Client::new(environment, self.config.clone(), self.surroundings.clone());
        self.perform();
        self.act(Input::Begin);
    }

    /// Changes the address within the document.
    fn navigate(&mut self, address: &str) {
        address.clone_into(&mut self.world.address.borrow_mut());
        self.act(Input::Moved(Cause::Navigate));
    }

    fn pass(&self, ms: u64) {
        self.world.now_ms.set(self.world.now_ms.get() + ms);
    }

    fn act(&mut self, input: Input<Value>) {
        self.client.handle(input);
        self.perform();
    }

    fn perform(&mut self) {
        for effect in self.client.take_effects() {
            match &effect {
                Effect::Store(slot) => {
                    let value = self.client.stored(*slot);
                    if *slot == Slot::Queue && value.is_empty() {
                        self.entries.clear();
                    }
                    *self.stored.slot(*slot) = value;
                }
                Effect::StoreEntry(id, line) if line.is_empty() => drop(self.entries.remove(id)),
                Effect::StoreEntry(id, line) => drop(self.entries.insert(id.clone(), line.clone())),
                Effect::Send(target, batch) => {
                    let body: Value = serde_json::from_str(&batch.body).unwrap();
                    let messages = body.as_array().cloned().unwrap_or_else(|| vec![body]);
                    for message in &messages {
                        assert_on_the_wire(message, batch.is_identify);
                    }
                    self.sent.push((*target, batch.number, messages));
                }
                Effect::Wake(_) | Effect::Address(_) | Effect::Warn(_) => {}
            }
            self.effects.push(effect);
        }
    }

    /// The server takes the last request.
    fn accept(&mut self) {
        self.answer(Answer::Status(202, 0));
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
        let purchase =
            Purchase { order_id: order_id.into(), revenue: Value::from(149.99), currency: "usd".into() };
        self.act(Input::Purchased(purchase));
    }

    /// What a checkout carries.
    fn checkout(&mut self, order_id: &str) -> Value {
        self.client.checkout(order_id)
    }

    fn warnings(&self) -> usize {
        self.effects.iter().filter(|effect| matches!(effect, Effect::Warn(_))).count()
    }
}
