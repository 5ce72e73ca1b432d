//! Whether an ONNX file keeps everything inside itself. Owns the walk over its protobuf messages;
//! it interprets nothing else of the model.
//!
//! An ONNX tensor may name another file to read its values from. Such a model could read any file
//! of the machine and its checksum would say nothing, so it is refused before the runtime sees it.
//! Field numbers: <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.

/// The messages that lead to a tensor.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Function,
    Training,
    Node,
    Attribute,
    SparseTensor,
    Tensor,
}

/// Messages in messages; ONNX Runtime's own limit (protobuf's) is 100.
const DEEPEST: usize = 100;

/// Checks that the bytes are an ONNX model and that no tensor of it lies in another file.
///
/// # Errors
/// What is wrong, in words that follow the file's name.
pub fn check(onnx: &[u8]) -> Result<(), &'static str> {
    if onnx.get(4..8) == Some(b"ORTM") {
        return Err("is in ONNX Runtime's own format, not in ONNX");
    }
    let mut graphs = 0;
    walk(onnx, Message::Model, 0, &mut graphs)?;
    if graphs == 0 { Err("is not an ONNX model") } else { Ok(()) }
}

fn walk(bytes: &[u8], message: Message, depth: usize, graphs: &mut usize) -> Result<(), &'static str> {
    if depth > DEEPEST {
        return Err("is nested too deeply");
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        let (field, value, after) =
            next(rest).ok_or("is not a whole ONNX model (a protobuf field is cut short)")?;
        rest = after;
        if refers_outside(message, field, &value) {
            return Err("keeps tensors in another file (external data)");
        }
        if let (Value::Bytes(inner), Some(child)) = (value, child(message, field)) {
            *graphs += usize::from(matches!((message, child), (Message::Model, Message::Graph)));
            walk(inner, child, depth + 1, graphs)?;
        }
    }
    Ok(())
}

/// TensorProto: `external_data` (13) is there at all, or `data_location` (14) is not DEFAULT (0).
fn refers_outside(message: Message, field: u64, value: &Value<'_>) -> bool {
    matches!(message, Message::Tensor)
        && match value {
            Value::Number(n) => field == 14 && *n != 0,
            Value::Bytes(_) => field == 13 || field == 14,
            Value::Fixed => false,
        }
}

/// What a field of a message holds, where tensors may be in it.
fn child(message: Message, field: u64) -> Option<Message> {
    use Message::*;
    Some(match (message, field) {
        (Model, 7) => Graph,
        (Model, 20) => Training,
        (Model, 25) => Function,
        (Training, 1 | 2) => Graph,
        (Graph, 1) | (Function, 7) => Node,
        (Graph, 5) => Tensor,
        (Graph, 15) => SparseTensor,
        (Function, 11) | (Node, 5) => Attribute,
        (Attribute, 5 | 10) => Tensor,
        (Attribute, 6 | 11) => Graph,
        (Attribute, 22 | 23) => SparseTensor,
        (SparseTensor, 1 | 2) => Tensor,
        _ => return None,
    })
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// The first field: its number, its value, and the bytes after it.
fn next(bytes: &[u8]) -> Option<(u64, Value<'_>, &[u8])> {
    let (tag, rest) = varint(bytes)?;
    let (value, rest) = match tag & 7 {
        0 => varint(rest).map(|(n, rest)| (Value::Number(n), rest))?,
        1 => (Value::Fixed, rest.get(8..)?),
        2 => {
            let (length, rest) = varint(rest)?;
            let (inner, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            (Value::Bytes(inner), rest)
        }
        5 => (Value::Fixed, rest.get(4..)?),
        _ => return None,
    };
    (tag >> 3 != 0).then_some((tag >> 3, value, rest))
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0u64;
    for (i, &b) in bytes.iter().enumerate().take(10) {
        value |= u64::from(b & 0x7f).checked_shl(7 * i as u32)?;
        if b & 0x80 == 0 {
            return Some((value, bytes.get(i + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(field: u8, inner: &[u8]) -> Vec<u8> {
        assert!(field < 16 && inner.len() < 128);
        [&[field << 3 | 2, inner.len() as u8], inner].concat()
    }

    fn number(field: u8, n: u8) -> Vec<u8> {
        vec![field << 3, n]
    }

    fn model_with(tensor: &[u8]) -> Vec<u8> {
        [number(1, 8), bytes(7, &bytes(5, tensor))].concat()
    }

    #[test]
    fn tensors_inside_are_taken() {
        let plain = [number(2, 1), bytes(8, b"weight"), bytes(9, &[14 << 3, 1, 13 << 3 | 2])].concat();
        assert_eq!(check(&model_with(&plain)), Ok(()));
        assert_eq!(check(&model_with(&number(14, 0))), Ok(()), "DEFAULT, written out");
    }

    #[test]
    fn tensors_outside_are_refused_wherever_they_are() {
        let outside = "keeps tensors in another file (external data)";
        let tensor = number(14, 1);
        assert_eq!(check(&model_with(&tensor)), Err(outside));
        assert_eq!(check(&model_with(&bytes(13, b"\x0a\x08location"))), Err(outside));
        let attribute = bytes(5, &bytes(5, &bytes(5, &tensor)));
        assert_eq!(check(&bytes(7, &bytes(1, &attribute[..]))), Ok(()), "a tensor's own numbers");
        let constant = bytes(1, &bytes(5, &bytes(5, &tensor)));
        assert_eq!(check(&bytes(7, &constant)), Err(outside));
        let branch = bytes(1, &bytes(5, &bytes(6, &bytes(5, &tensor))));
        assert_eq!(check(&bytes(7, &branch)), Err(outside));
        let sparse = bytes(15, &bytes(1, &tensor));
        assert_eq!(check(&bytes(7, &sparse)), Err(outside));
    }

    #[test]
    fn what_is_no_model_is_refused() {
        assert_eq!(check(b""), Err("is not an ONNX model"));
        assert!(check(b"version https://git-lfs.github.com/spec/v1\n").is_err());
        assert!(check(b"\x18\0\0\0ORTM").is_err());
        let whole = model_with(&bytes(9, &[1; 100]));
        assert!(check(&whole[..whole.len() - 1]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_come_to_an_end(data in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = check(&data);
        }
    }
}
