//! The visitor's choice: to be left alone, to be counted again, to give or withhold consent.

use super::{Client, Effect, Environment, Slot};
use crate::config::switch;
use crate::consent::{Collection, GRANTED, REFUSED};
use crate::constant::Constant;
use crate::identity::Session;
use crate::pageview::Cause;
use crate::text::Text;

impl<E: Environment> Client<E> {
    /// Everything that is kept is forgotten; a refusal of this tab is remembered.
    pub(super) fn stop(&mut self, is_own: bool) {
        self.collection = Collection::Stopped;
        self.visitor = Text::default();
        self.session = Session::default();
        self.first = Text::default();
        self.queue.clear();
        for &slot in &Slot::OF_VISITOR {
            self.effects.push(Effect::Store(slot, Text::default()));
        }
        self.effects.push(Effect::Store(Slot::Queue, Text::default()));
        if is_own {
            self.choose(REFUSED);
        }
    }

    pub(super) fn opt_in(&mut self) {
        if self.collection != Collection::Stopped {
            self.consent(true);
            return;
        }
        self.collection = Collection::Active;
        self.choose(if self.config.has(switch::CONSENT) && !self.config.has(switch::MEMORY) {
            GRANTED
        } else {
            c""
        });
        self.identities(false);
        self.page.url = Text::default();
        self.moved(Text::default(), Cause::Load);
    }

    pub(super) fn consent(&mut self, is_granted: bool) {
        if !is_granted {
            self.stop(false);
            // Where consent is needed, its absence says enough; else only a remembered refusal stops the next page.
            self.choose(if self.config.has(switch::CONSENT) { c"" } else { REFUSED });
        } else if self.collection == Collection::Stopped {
            self.opt_in();
        } else if self.collection == Collection::Waiting {
            self.collection = Collection::Active;
            self.choice = Text::of(GRANTED);
            self.keep(Slot::Choice);
            for &slot in &Slot::OF_VISITOR {
                self.keep(slot);
            }
        }
    }

    /// Whether a stored choice ends what this page does: a refusal, or the withdrawal of a consent that is needed.
    pub(super) fn is_refusal(&self, choice: Text) -> bool {
        let was_granted = self.config.has(switch::CONSENT)
            && !self.config.has(switch::MEMORY)
            && self.collection == Collection::Active;
        choice.is(REFUSED) || was_granted && !choice.is(GRANTED)
    }

    fn choose(&mut self, choice: Constant) {
        self.choice = Text::of(choice);
        self.effects.push(Effect::Store(Slot::Choice, self.choice));
    }
}
