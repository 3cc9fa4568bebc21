//! What the log promises: whole frames come back, torn tails are cut, damage is named.

use super::*;
use crate::record::{Event, Record};

fn event(id: &str) -> Record {
    Record::Event(Box::new(Event { event_id: id.to_owned(), at_ms: 5, ..Event::default() }))
}

fn ids(dir: &Path, from: u64) -> Result<Vec<(u64, String)>, LogError> {
    let mut found = Vec::new();
    replay(dir, from, |sequence, records| {
        for record in records {
            if let Record::Event(event) = record {
                found.push((sequence, event.event_id));
            }
        }
        Ok::<(), LogError>(())
    })?;
    Ok(found)
}

fn only_segment(dir: &Path) -> PathBuf {
    segments(dir).unwrap().pop().unwrap().1
}

#[test]
fn what_was_appended_comes_back_in_order_across_segments_and_openings() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..5_u64 {
        let mut log = Log::open_with(dir.path(), 100).unwrap();
        assert_eq!(log.next_sequence(), round * 3 + 1);
        for frame in 0..3 {
            log.append(&[event(&format!("{round}.{frame}.a")), event(&format!("{round}.{frame}.b"))]).unwrap();
        }
    }
    assert!(segments(dir.path()).unwrap().len() > 3);
    let all = ids(dir.path(), 0).unwrap();
    assert_eq!(all.len(), 30);
    assert_eq!(all[29], (15, "4.2.b".to_owned()));
    assert_eq!(ids(dir.path(), 14).unwrap().len(), 4);
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_and_the_frames_before_it_stay() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(dir.path()).unwrap();
    log.append(&[event("kept")]).unwrap();
    let kept = fs::metadata(only_segment(dir.path())).unwrap().len();
    log.append(&[event("torn")]).unwrap();
    drop(log);
    let path = only_segment(dir.path());
    let whole = fs::read(&path).unwrap();
    for length in kept..whole.len() as u64 {
        fs::write(&path, &whole[..usize::try_from(length).unwrap()]).unwrap();
        let mut log = Log::open(dir.path()).unwrap();
        assert_eq!(log.next_sequence(), 2, "cut at {length}");
        log.append(&[event("after")]).unwrap();
        drop(log);
        let found: Vec<_> = ids(dir.path(), 0).unwrap().into_iter().map(|(_, id)| id).collect();
        assert_eq!(found, ["kept", "after"], "cut at {length}");
    }
}

#[test]
fn a_segment_whose_header_was_never_written_is_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    drop(Log::open(dir.path()).unwrap());
    fs::write(only_segment(dir.path()), b"ET").unwrap();
    let mut log = Log::open(dir.path()).unwrap();
    log.append(&[event("first")]).unwrap();
    drop(log);
    assert_eq!(ids(dir.path(), 0).unwrap(), [(1, "first".to_owned())]);
}

#[test]
fn damage_before_good_frames_is_an_error_that_names_the_place() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(dir.path()).unwrap();
    for id in ["one", "two", "three"] {
        log.append(&[event(id)]).unwrap();
    }
    drop(log);
    let path = only_segment(dir.path());
    let whole = fs::read(&path).unwrap();
    for at in [8, 12, 20, 30] {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        fs::write(&path, &bytes).unwrap();
        let error = Log::open(dir.path()).err().unwrap().to_string();
        assert!(error.contains("byte 8 is damaged"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "a damaged segment is left as it is");
    }
}
