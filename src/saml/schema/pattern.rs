//! From the notation of the tables to automata (Glushkov's construction). The patterns are our own,
//! so following their brackets into the depth has an end.

/// What one place of a pattern lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// Any element.
    Any,
    /// An element of that name, with its type where it is one of its own.
    Element(&'static str, Option<&'static str>),
    /// An element of any namespace that must be known.
    Known,
    /// An element of another namespace.
    Other,
    /// An element of another namespace that must be known.
    Strict,
}

/// Which places of a pattern may follow which.
#[derive(Clone, Debug, Default)]
pub(super) struct Pattern {
    /// What each place lets in.
    pub(super) symbols: Vec<Symbol>,
    /// Places that may come first.
    pub(super) first: Vec<u16>,
    /// Places that may follow each.
    pub(super) follow: Vec<Vec<u16>>,
    /// Whether the pattern may end at each place.
    pub(super) is_last: Vec<bool>,
    /// Whether nothing at all will do.
    pub(super) is_nullable: bool,
}

impl Pattern {
    /// The pattern that is written so.
    pub(super) fn new(written: &'static str) -> Self {
        let mut parser = Parser { rest: written, pattern: Self::default() };
        let whole = parser.choice();
        assert!(parser.rest.trim().is_empty(), "bug: a pattern that is not understood: {written}");
        let mut pattern = parser.pattern;
        pattern.is_last = vec![false; pattern.symbols.len()];
        for &place in &whole.last {
            pattern.is_last[usize::from(place)] = true;
        }
        pattern.first = whole.first;
        pattern.is_nullable = whole.is_nullable;
        pattern
    }
}

struct Parser {
    rest: &'static str,
    pattern: Pattern,
}

/// A part of a pattern: where it may begin and end.
#[derive(Clone)]
struct Part {
    first: Vec<u16>,
    last: Vec<u16>,
    is_nullable: bool,
}

impl Parser {
    fn choice(&mut self) -> Part {
        let mut part = self.sequence();
        while self.takes('|') {
            let other = self.sequence();
            part.first.extend(other.first);
            part.last.extend(other.last);
            part.is_nullable |= other.is_nullable;
        }
        part
    }

    fn sequence(&mut self) -> Part {
        let mut whole = Part { first: Vec::new(), last: Vec::new(), is_nullable: true };
        while let Some(part) = self.item() {
            self.connect(&whole.last, &part.first);
            if whole.is_nullable {
                whole.first.extend(&part.first);
            }
            if !part.is_nullable {
                whole.last.clear();
            }
            whole.last.extend(&part.last);
            whole.is_nullable &= part.is_nullable;
        }
        whole
    }

    /// An element or a group, with its quantifier; none at the end of a group.
    fn item(&mut self) -> Option<Part> {
        let mut part = if self.takes('(') {
            let part = self.choice();
            assert!(self.takes(')'), "bug: a group without its end");
            part
        } else {
            self.symbol()?
        };
        let quantifier = self.rest.chars().next().filter(|c| matches!(c, '?' | '*' | '+'));
        if let Some(quantifier) = quantifier {
            self.rest = &self.rest[1..];
            part.is_nullable |= quantifier != '+';
            if quantifier != '?' {
                self.connect(&part.last.clone(), &part.first.clone());
            }
        }
        Some(part)
    }

    fn symbol(&mut self) -> Option<Part> {
        self.rest = self.rest.trim_start();
        let is_end = |c: char| c.is_whitespace() || "?*+|()".contains(c);
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        let symbol = match word {
            "" => return None,
            "any" => Symbol::Any,
            "known" => Symbol::Known,
            "other" => Symbol::Other,
            "strict" => Symbol::Strict,
            word => match word.split_once('=') {
                Some((name, of_type)) => Symbol::Element(name, Some(of_type)),
                None => Symbol::Element(word, None),
            },
        };
        let place = u16::try_from(self.pattern.symbols.len()).expect("patterns are short");
        self.pattern.symbols.push(symbol);
        self.pattern.follow.push(Vec::new());
        Some(Part { first: vec![place], last: vec![place], is_nullable: false })
    }

    fn connect(&mut self, from: &[u16], to: &[u16]) {
        for &place in from {
            let follow = &mut self.pattern.follow[usize::from(place)];
            let new = to.iter().filter(|place| !follow.contains(place));
            let new: Vec<u16> = new.copied().collect();
            follow.extend(new);
        }
    }

    fn takes(&mut self, mark: char) -> bool {
        let rest = self.rest.trim_start();
        let Some(behind) = rest.strip_prefix(mark) else { return false };
        self.rest = behind;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    /// Whether a pattern lets in a sequence of its places.
    fn lets_in(pattern: &Pattern, places: &[u16]) -> bool {
        let mut next = &pattern.first;
        let mut may_end = pattern.is_nullable;
        for &place in places {
            if !next.contains(&place) {
                return false;
            }
            next = &pattern.follow[usize::from(place)];
            may_end = pattern.is_last[usize::from(place)];
        }
        may_end
    }

    #[test]
    fn a_pattern_lets_in_what_its_quantifiers_say() {
        let pattern = Pattern::new("a? (b | c)+ d*");
        assert!(lets_in(&pattern, &[1]));
        assert!(lets_in(&pattern, &[0, 2, 1, 3, 3]));
        assert!(!lets_in(&pattern, &[0]));
        assert!(!lets_in(&pattern, &[1, 0]));
        assert!(!lets_in(&pattern, &[1, 3, 2]));
        assert!(!lets_in(&pattern, &[]));
    }

    #[test]
    fn a_group_that_may_be_absent_is_absent_as_a_whole() {
        let pattern = Pattern::new("(a b)? c");
        assert!(lets_in(&pattern, &[2]));
        assert!(lets_in(&pattern, &[0, 1, 2]));
        assert!(!lets_in(&pattern, &[0, 2]));
        assert!(!lets_in(&pattern, &[1, 2]));
    }
}
