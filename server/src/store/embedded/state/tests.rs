//! Layers read as one: what was put last is seen, wherever it stands.

use proptest::prelude::*;

use super::*;

fn rows(view: &View, prefix: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    view.prefixed(prefix).map(|row| row.map(|(key, value)| (key.to_vec(), value.to_vec())).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_layers_answer_as_one_map_would(steps in prop::collection::vec((0_u8..40, prop::option::of(any::<u8>()), 0_u8..8), 1..80)) {
        let dir = tempfile::tempdir().unwrap();
        let mut state = State::open(dir.path()).unwrap();
        let mut model: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        for (sequence, (key, value, then)) in steps.into_iter().enumerate() {
            let key = vec![b'k', key];
            match value {
                Some(value) => model.insert(key.clone(), vec![value]),
                None => model.remove(&key),
            };
            let changes = BTreeMap::from([(Bytes::from(key.clone()), value.map(|value| Bytes::from(vec![value])))]);
            state.put(sequence as u64 + 1, changes).unwrap();
            match then {
                0 => { state.sink_once().unwrap(); }
                1 => {
                    state.close().unwrap();
                    drop(state);
                    state = State::open(dir.path()).unwrap();
                    prop_assert_eq!(state.sequence(), sequence as u64 + 1);
                }
                _ => {}
            }
            let view = state.view();
            prop_assert_eq!(view.get(&key).unwrap().map(|value| value.to_vec()), model.get(&key).cloned());
            let expected: Vec<_> = model.clone().into_iter().collect();
            prop_assert_eq!(view.last(b"k").unwrap().map(|(key, value)| (key.to_vec(), value.to_vec())), expected.last().cloned());
            prop_assert_eq!(rows(&view, b"k"), expected);
        }
    }
}

#[test]
fn a_partial_snapshot_left_by_a_crash_does_not_block_opening() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.put(1, BTreeMap::from([(Bytes::from(b"k"), Some(Bytes::from(b"v")))])).unwrap();
    state.close().unwrap();
    drop(state);
    std::fs::write(dir.path().join("sled/snap.0000000000000042.generating"), b"half").unwrap();
    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.view().get(b"k").unwrap().as_deref(), Some(&b"v"[..]));
}

#[test]
fn a_view_does_not_change_under_its_reader() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.put(1, BTreeMap::from([(Bytes::from(b"k1"), Some(Bytes::from(b"old")))])).unwrap();
    let view = state.view();
    state
        .put(
            2,
            BTreeMap::from([
                (Bytes::from(b"k1"), Some(Bytes::from(b"new"))),
                (Bytes::from(b"k2"), Some(Bytes::from(b"new"))),
            ]),
        )
        .unwrap();
    assert_eq!(rows(&view, b"k"), [(b"k1".to_vec(), b"old".to_vec())]);
    assert_eq!(rows(&state.view(), b"k").len(), 2);
}

#[test]
fn a_sinking_that_broke_off_is_completed_from_its_file_and_refused_without_it() {
    for has_file in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let row = |key: &str, value: &str| (Bytes::from(key), Some(Bytes::from(value)));
        state.put(1, BTreeMap::from([row("k1", "old"), row("k2", "old")])).unwrap();
        state.close().unwrap();
        // As a crash leaves it: the mark is set, and one of two rows is in.
        let layer = Layer::from_iter([row("k1", "new"), row("k2", "new")]);
        state.redo.write(2, &layer).unwrap();
        state.tree.insert(key::SINKING, &2_u64.to_be_bytes()).unwrap();
        state.tree.insert("k1", "new").unwrap();
        state.database.flush().unwrap();
        if !has_file {
            state.redo.forget(2).unwrap();
        }
        drop(state);
        let opened = State::open(dir.path());
        assert_eq!(opened.is_ok(), has_file);
        if let Ok(state) = opened {
            assert_eq!(state.sequence(), 2);
            assert_eq!(
                rows(&state.view(), b"k"),
                [(b"k1".to_vec(), b"new".to_vec()), (b"k2".to_vec(), b"new".to_vec())]
            );
        }
    }
}
