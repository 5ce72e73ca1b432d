//! Whether an answer says anything at all. Owns the non-answers ("dont know", "n/a", "asdf") and
//! what counts as keyboard mashing; it knows no theme.
//!
//! In doubt an answer has content: one non-answer too many in a base costs little, a cry for help
//! that is thrown away costs a lot.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use super::normalise::is_redaction;
use super::words::{Fnv, is_known};

type Phrases = HashSet<String, BuildHasherDefault<Fnv>>;

/// Whether anything is said in a text in [normal form](super::normalise).
///
/// Nothing is said by punctuation, emoji, digits and redactions alone, by non-answers with or
/// without filling words, and by keyboard mashing.
pub fn has_content(normal: &str) -> bool {
    let lexicon = &*LEXICON;
    let mut words = normal.split(' ').filter(|w| !w.is_empty() && !is_redaction(w));
    if words.clone().any(|w| w.len() > 1 && is_known(w) && !lexicon.words.contains(w)) {
        return true;
    }
    if words.clone().any(|w| w.chars().any(|c| c.is_alphabetic() && !c.is_ascii())) {
        return true;
    }
    let mashed = words.clone().any(is_mash);
    if words.all(|w| is_nothing(w, mashed)) {
        return false;
    }
    !covered(normal, lexicon, mashed)
}

/// The non-answers.
struct Lexicon {
    /// Normal forms with repeated letters squeezed (`noooo` is `no`).
    phrases: Phrases,
    /// Every word that is in one of them, squeezed and as written.
    words: Phrases,
    /// Words of the longest.
    longest: usize,
}

/// Whole answers that say nothing, in normal form.
const NON_ANSWERS: &str = "idk,idek,idrk,idkk,idc,ldk,dk,dno,dunno,donno,duno,dunnoo,dunny,no idea,no idear,no ideas,\
    have no idea,i have no idea,ive no idea,ive got no idea,havent got a clue,havent a clue,no clue,not a clue,\
    not sure,im not sure,i am not sure,not shore,im not shore,not sur,im not sur,not shure,im not shure,unsure,im unsure,\
    not certain,undecided,no opinion,no comment,no coment,no comments,no further comment,no further comments,wouldnt know,i wouldnt know,no answer,no response,no reply,no thoughts,\
    nothing,nothin,nuthing,nuthin,nufin,nuffin,nuffing,nuffink,nufink,nothink,nuthink,nofing,nofink,nothign,nohting,\
    notihng,nothng,nthing,nthn,nowt,nada,zilch,nothing really,nothing much,not much,nothing at all,nothing to say,\
    nothing to add,nothing more,nothing else,nothing more to say,nothing else to say,nothing else to add,\
    nothing more to add,nothing comes to mind,nothing springs to mind,nothing in particular,nothing specific,\
    nothing i can think of,nothing that i can think of,none i can think of,none that i can think of,\
    not that i can think of,nothing to put,nothing to write,i have nothing to say,ive got nothing to say,\
    i have nothing to add,i dont have anything to say,dont have anything to say,i dont have anything to add,\
    dont have anything to add,no more,nothing for now,nothing right now,\
    cant think of anything,cant think of any thing,i cant think of any thing,cant think of any,cant think of one,i cant think of anything,i cant think of any,\
    i cant think of one,cant think of anything else,i cant think of anything else,cannot think of anything,\
    i cannot think of anything,couldnt think of anything,i couldnt think of anything,\
    none,non,nonw,noen,none of the above,none of these,nil,null,void,blank,empty,skip,skipped,skip this,pass,\
    no,nope,nop,nopes,nah,na,nay,naa,no thanks,no thank you,no thankyou,no ta,not really,n a,not applicable,\
    doesnt apply,does not apply,doesnt apply to me,does not apply to me,\
    prefer not to say,i prefer not to say,id prefer not to say,i would prefer not to say,prefer not to answer,\
    rather not say,id rather not say,i would rather not say,rather not answer,id rather not answer,\
    i dont want to say,dont want to say,i dont want to answer,dont want to answer,i do not want to answer,\
    i dont want to answer this,i dont want to answer this question,dont want to answer this question,\
    dont care,i dont care,whatever,wateva,whatevs,cba,cbb,cant be bothered,i cant be bothered,\
    yes,yeah,yep,yup,ye,yea,yh,maybe,perhaps,possibly,ok,okay,k,kk,hi,hello,hey,hiya,bye,test,testing,\
    nvm,never mind,nevermind,see above,as above,same as above,same as before,same as b4,ditto,\
    what to put,what to put here,what to say,what to write,wot to put,wot to say,wot to write,\
    i dont understand the question,dont understand the question,i dont understand this question";

/// What stands around a non-answer without making it one that says something.
const FILLERS: &str = "i,um,umm,uhm,erm,er,err,uh,hmm,hm,mm,eh,ah,oh,well,sorry,soz,sry,honestly,really,rly,actually,just,lol,\
    lmao,lmfao,xd,tbh,to be honest,atm,at the moment,right now,rn,at all,yet,mate,man,bro,bruh,miss,sir,thanks,\
    thank you,thankyou,ty,thx,and,or,so,probably,literally,lit,x,blah,bla,here,in my opinion";

/// `dont know` in the spellings that children use: the first part, then the second.
const DONT: &str =
    "dont,dnt,donot,do not,don,dunt,dont really,do not really,dont actually,dont even,dint,didnt,dot,dnot";
const KNOW: &str =
    "know,no,now,kno,knw,knoe,konw,knwo,kow,kmow,nkow,knwow,nose,nowe,kniw,jnow,knoww,knof,knowing";

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut phrases = Phrases::default();
    let mut words = Phrases::default();
    let fixed = NON_ANSWERS.split(',').chain(FILLERS.split(',')).map(|p| p.trim().to_string());
    let spellings = DONT.split(',').flat_map(|a| KNOW.split(',').map(move |b| format!("{a} {b}")));
    let mut longest = 0;
    for phrase in fixed.chain(spellings) {
        words.extend(phrase.split(' ').map(str::to_string));
        let squeezed = squeeze(&phrase);
        words.extend(squeezed.split(' ').map(str::to_string));
        longest = longest.max(phrase.split(' ').count());
        phrases.insert(squeezed);
    }
    Lexicon { phrases, words, longest }
});

/// Runs of one character become one: `noooo` and `no` are the same.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = None;
    for c in text.chars() {
        if last != Some(c) {
            out.push(c);
        }
        last = Some(c);
    }
    out
}

/// A word that adds nothing: a symbol, a digit string, one letter (however often), laughter, mashing
/// and, next to mashing, a stump.
fn is_nothing(word: &str, mashed: bool) -> bool {
    let mut chars = word.chars();
    let first = chars.next();
    !word.bytes().any(|b| b.is_ascii_alphabetic())
        || chars.all(|c| Some(c) == first)
        || is_laughter(word)
        || is_mash(word)
        || mashed && word.len() <= 3 && !is_known(word)
}

fn is_laughter(word: &str) -> bool {
    let only = |set: &[u8]| {
        word.bytes().all(|b| set.contains(&b)) && set.iter().all(|b| word.as_bytes().contains(b))
    };
    only(b"ha")
        || word.len() > 2 && only(b"he") && word.starts_with("heh")
        || word.starts_with("lol") && only(b"lo")
}

/// Whether non-answers, filling words and words that add nothing cover the whole text.
fn covered(normal: &str, lexicon: &Lexicon, mashed: bool) -> bool {
    let words: Vec<&str> = normal.split(' ').filter(|w| !w.is_empty() && !is_redaction(w)).collect();
    let mut joined = String::with_capacity(normal.len());
    let mut ends = Vec::with_capacity(words.len());
    for word in &words {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(&squeeze(word));
        ends.push(joined.len());
    }
    let start = |i: usize| if i == 0 { 0 } else { ends.get(i - 1).map_or(joined.len(), |e| e + 1) };
    let is_phrase = |from: usize, to: usize| {
        let end = ends.get(to).copied().unwrap_or(joined.len());
        joined.get(start(from)..end).is_some_and(|p| lexicon.phrases.contains(p))
    };
    let mut reached = vec![true];
    reached.resize(words.len() + 1, false);
    for from in 0..words.len() {
        if !reached[from] {
            continue;
        }
        if is_nothing(words[from], mashed) {
            reached[from + 1] = true;
        }
        for to in from..words.len().min(from + lexicon.longest) {
            reached[to + 1] |= is_phrase(from, to);
        }
    }
    reached[words.len()]
}

/// Whether a word is keyboard mashing: a unit over and over, a run along a row of keys, consonants
/// alone, or letter pairs that words do not have. Common words are never mashing.
fn is_mash(word: &str) -> bool {
    let letters = word.as_bytes();
    if letters.len() < 3 || is_known(word) || !letters.iter().all(u8::is_ascii_lowercase) {
        return false;
    }
    let distinct = letters.iter().fold(0u32, |set, b| set | 1 << (b - b'a')).count_ones();
    repeats(word) || along_a_row(letters, distinct) || no_vowel(letters) || unlikely_pairs(letters)
}

/// `blablabla`, `asdfasdf`: a unit of up to four letters that is no word, three times or more, or
/// twice if it lies along a row of keys.
fn repeats(word: &str) -> bool {
    let bytes = word.as_bytes();
    (1..=4).any(|unit| {
        let times = bytes.len() / unit;
        let head = word.get(..unit).unwrap_or_default();
        (times >= 3 && bytes.len() >= 5 || times == 2 && is_row(head.as_bytes()))
            && bytes.iter().zip(bytes.iter().skip(unit)).all(|(a, b)| a == b)
            && !is_known(head)
    })
}

/// Three letters or more of which each is the last one's neighbour.
fn is_row(letters: &[u8]) -> bool {
    letters.len() >= 3 && pairs(letters).all(|(a, b)| key_distance(a, b).is_some_and(|d| d <= 1))
}

/// `asdf`, `qwerty`, `poiu`, `asdasd`: neighbours on the keyboard, or almost all.
fn along_a_row(letters: &[u8], distinct: u32) -> bool {
    let neighbours = pairs(letters).filter(|&(a, b)| key_distance(a, b).is_some_and(|d| d <= 1)).count();
    let all = letters.len() - 1;
    distinct >= 3 && (neighbours == all || letters.len() >= 6 && neighbours * 5 >= all * 4)
}

fn no_vowel(letters: &[u8]) -> bool {
    letters.len() >= 7 && !letters.iter().any(|b| b"aeiouy".contains(b))
}

fn unlikely_pairs(letters: &[u8]) -> bool {
    let unlikely = pairs(letters).filter(|&(a, b)| !is_likely(a, b)).count();
    let all = letters.len() - 1;
    letters.len() >= 6 && unlikely * 2 >= all || letters.len() == 5 && unlikely >= 3
}

fn pairs(letters: &[u8]) -> impl Iterator<Item = (u8, u8)> + '_ {
    letters.iter().copied().zip(letters.iter().copied().skip(1))
}

/// Keys between two letters of one row of a QWERTY keyboard.
fn key_distance(a: u8, b: u8) -> Option<usize> {
    ["qwertyuiop", "asdfghjkl", "zxcvbnm"].iter().find_map(|row| {
        let at = |letter| row.bytes().position(|k| k == letter);
        Some(at(a)?.abs_diff(at(b)?))
    })
}

/// Bit `b` of row `a`: the pair `ab` (a to z) is in at least 12 of 25,652 English words and word pieces.
const LIKELY: [u32; 26] = [
    0x3ffffff, 0x11e4b1b, 0x11f4d95, 0x17e7bff, 0x3fffdff, 0x11e4931, 0x11e79d1, 0x15e791b, 0x2bffd7f,
    0x0104111, 0x1166991, 0x17efd7f, 0x114f937, 0x37effff, 0x3feffff, 0x11ed991, 0x0100000, 0x17efdff,
    0x15ffdbf, 0x35ef9b7, 0x3aefd7f, 0x1004111, 0x1066d91, 0x008c115, 0x05ef91f, 0x3104111,
];

fn is_likely(a: u8, b: u8) -> bool {
    let bit = u32::from(b.saturating_sub(b'a'));
    LIKELY.get(usize::from(a.saturating_sub(b'a'))).is_none_or(|row| row >> bit & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::normalise::normalise;

    fn content(text: &str) -> bool {
        let mut normal = String::new();
        normalise(text, &mut normal);
        has_content(&normal)
    }

    #[track_caller]
    fn nothing(texts: &[&str]) {
        let wrong: Vec<_> = texts.iter().filter(|t| content(t)).collect();
        assert!(wrong.is_empty(), "these say nothing: {wrong:?}");
    }

    #[track_caller]
    fn something(texts: &[&str]) {
        let wrong: Vec<_> = texts.iter().filter(|t| !content(t)).collect();
        assert!(wrong.is_empty(), "these say something: {wrong:?}");
    }

    #[test]
    fn dont_know_in_many_spellings() {
        nothing(&[
            "dont know",
            "Don't know",
            "I don\u{2019}t know",
            "i dont no",
            "i dnt no",
            "dont now",
            "i do not know",
            "IDK",
            "idk.",
            "idkkkk",
            "idk lol",
            "um idk",
            "idek",
            "idrk",
            "dunno",
            "i dunno",
            "dunnoooo",
            "duno",
            "i really dont know",
            "i dont really know",
            "i dont know sorry",
            "i dont know what to put",
            "not sure",
            "I'm not sure",
            "im not shore",
            "no idea",
            "i have no idea!!",
            "no clue",
            "idk man idk",
            "i dont know, nothing",
            "I dont knoww",
            "dont konw",
            "not sure what to put here",
        ]);
    }

    #[test]
    fn nothing_and_no_in_many_spellings() {
        nothing(&[
            "nothing",
            "Nothing.",
            "nothin",
            "nuffin",
            "nuthing",
            "nothink",
            "nothing really",
            "nothing rly",
            "nothing at all",
            "Nothing comes to mind",
            "nothing miss",
            "nowt",
            "no",
            "No.",
            "NO",
            "noooo",
            "nope",
            "nah",
            "no thank you",
            "none",
            "None of the above",
            "none that i can think of",
            "n/a",
            "N/A",
            "n.a.",
            "#N/A",
            "na",
            "not applicable",
            "nil",
            "-",
            "no comment",
            "prefer not to say lol",
            "skip",
            "pass",
            "cant think of anything",
            "I can't think of anything else",
            "no no no",
            "nothing to add thanks",
            "i have nothing to say",
            "yes",
            "ok",
            "hi",
            "hello",
            "test test",
            "cba",
            "whatever",
            "see above",
        ]);
    }

    #[test]
    fn marks_and_mashing() {
        nothing(&[
            "",
            " ",
            "...",
            "?",
            "!!!",
            "-",
            "\u{1f600}",
            "\u{1f622}\u{1f622}",
            "\u{1f937}\u{1f3fe}\u{200d}\u{2642}\u{fe0f}",
            "x",
            "xxx",
            "a",
            "k",
            "aaaaaaa",
            "12345",
            "6 7",
            "asdf",
            "ASDFGHJKL",
            "asdf asdf",
            "asdfghjkl;'",
            "qwerty",
            "qwertyuiop",
            "hjkl",
            "asd",
            "sdfsdf",
            "asdasdasd",
            "jkjkjkjk",
            "blablabla",
            "blah blah blah",
            "hahaha",
            "lol",
            "lololol",
            "jhgjhgjhg",
            "sdkjfhskdjf",
            "fjdksl;a",
            "hhhhhhhhhhhhh",
            "jjjjjjjjkkkkk",
            "zxcvbnm",
            "vbnvbn",
            "bcdfghjklm",
            "asdf idk",
            "dfghj 123",
            "kjhkjh gjhgk",
        ]);
    }

    #[test]
    fn redactions_alone() {
        nothing(&["[name]", "[name] [name]", "[email], [phone]", "[name] idk", "[school]."]);
        something(&["[name] hits me", "my name is [name]", "[name] is mean", "help [name]"]);
    }

    #[test]
    fn a_short_answer_is_an_answer() {
        something(&[
            "school",
            "bullying",
            "mum",
            "my nan",
            "nan",
            "family",
            "football",
            "war",
            "money",
            "parks",
            "vapes",
            "friends",
            "everything",
            "people",
            "being safe",
            "be kind",
            "adhd",
            "camhs",
            "nhs",
            "pe",
            "ps5",
            "gangs",
            "racisum",
            "bulying",
            "freinds",
            "skool",
            "wifi",
            "pizza",
            "no school",
            "no homework",
            "no bullying",
            "no one",
            "nobody",
            "not enough money",
            "good",
            "blue",
            "dogs",
            "flash",
            "salad",
            "tree",
            "trees",
            "poppy",
            "dress",
            "were",
            "glass",
            "halls",
            "lgbtq",
            "nspcc",
            "nihgt",
            "cwtch",
            "rhythm",
            "mamma",
        ]);
    }

    #[test]
    fn a_cry_for_help_is_an_answer_however_short() {
        something(&[
            "help",
            "help me",
            "hlp me",
            "plz help",
            "sos",
            "i cant",
            "i cant cope",
            "i cant do this",
            "i give up",
            "die",
            "i want to die",
            "diediedie",
            "kms",
            "kill me",
            "im sad",
            "sad",
            "so sad",
            "no hope",
            "no one cares",
            "nothing matters",
            "nothing left",
            "i am nothing",
            "im nothing",
            "nobody",
            "alone",
            "so alone",
            "scared",
            "dad hits me",
            "he hits me",
            "he hurts me",
            "hes hurting me",
            "stop it",
            "make it stop",
            "i said no",
            "no means no",
            "idk help",
            "idk i want to die",
            "dont know anymore",
            "i dont know what to do",
            "i dont want to be here",
            "i dont want to",
            "dont tell",
            "i cant say",
            "im not ok",
            "not ok",
            "not safe",
            "hungry",
            "no food",
            "starving",
            "cutting",
            "abuse",
            "raped",
            "i dont feel safe",
            "i dont eat",
            "nothing works at school",
            "nothing helps",
            "no i hate it",
            "i dont have any",
            "i dont have any friends",
            "nothing i am ok",
            "asdf help",
            "idk he hits me",
            "\u{1f622} help",
        ]);
    }

    #[test]
    fn other_scripts_and_languages_are_answers() {
        something(&[
            "\u{5b66}\u{6821}",
            "\u{0645}\u{062f}\u{0631}\u{0633}\u{0629}",
            "przyjaciele",
            "szko\u{142}a",
            "ysgol",
            "des amis",
        ]);
    }

    #[test]
    fn long_and_hostile_texts_end() {
        assert!(!content(&"no ".repeat(100_000)));
        assert!(!content(&"a".repeat(1_000_000)));
        assert!(!content(&"asdf".repeat(100_000)));
        assert!(content(&format!("{}help me", "no ".repeat(1000))));
    }
}
