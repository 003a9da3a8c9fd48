//! The grammar between brackets (YAML 1.1, 9.1 and 10).

use crate::source::Span;
use crate::syntax::yaml::cursor::Result;
use crate::syntax::yaml::event::{Content, Event};
use crate::syntax::yaml::parser::{Parser, Place, State, bare};
use crate::syntax::yaml::token::TokenKind;

impl<'t> Parser<'t> {
    /// The next item of a list, or its end.
    pub(super) fn flow_item(&mut self, first: bool) -> Result<Event<'t>> {
        self.flow_separator(first, TokenKind::FlowSequenceEnd)?;
        let next = self.scanner.peek()?;
        match next.kind {
            TokenKind::FlowSequenceEnd => {
                self.take();
                Ok(self.end(Content::SequenceEnd, next.span))
            }
            TokenKind::Key => {
                self.outer.push(State::FlowItem);
                self.push_open(next.kind, next.span)?;
                self.state = State::PairKey;
                Ok(bare(Content::MappingStart(true), next.span))
            }
            _ => {
                self.outer.push(State::FlowItem);
                self.node(Place::Flow)
            }
        }
    }

    /// Steps over the `,` between items; none is needed before the first and before the end.
    fn flow_separator(&mut self, first: bool, end: TokenKind) -> Result<()> {
        let next = self.scanner.peek()?;
        if first || next.kind == end {
            return Ok(());
        }
        if next.kind != TokenKind::FlowEntry {
            return Err(self.no_separator(next));
        }
        self.take();
        Ok(())
    }

    /// The key of a map of one pair, `[key: value]`.
    pub(super) fn pair_key(&mut self) -> Result<Event<'t>> {
        let token = self.take();
        let ends = [TokenKind::Value, TokenKind::FlowEntry, TokenKind::FlowSequenceEnd];
        self.node_unless(&ends, token.span, Place::Flow, State::PairValue)
    }

    /// The value of such a map.
    pub(super) fn pair_value(&mut self) -> Result<Event<'t>> {
        let next = self.scanner.peek()?;
        if next.kind != TokenKind::Value {
            return self.missing(State::PairEnd);
        }
        self.take();
        let ends = [TokenKind::FlowEntry, TokenKind::FlowSequenceEnd];
        self.node_unless(&ends, next.span, Place::Flow, State::PairEnd)
    }

    /// The end of such a map.
    pub(super) fn pair_end(&mut self) -> Result<Event<'t>> {
        let start = self.scanner.peek()?.span.start;
        Ok(self.end(Content::MappingEnd, Span::at(start)))
    }

    /// The next key of a map, or its end.
    pub(super) fn flow_key(&mut self, first: bool) -> Result<Event<'t>> {
        self.flow_separator(first, TokenKind::FlowMappingEnd)?;
        let next = self.scanner.peek()?;
        match next.kind {
            TokenKind::FlowMappingEnd => {
                self.take();
                Ok(self.end(Content::MappingEnd, next.span))
            }
            TokenKind::Key => {
                self.take();
                let ends = [TokenKind::Value, TokenKind::FlowEntry, TokenKind::FlowMappingEnd];
                self.node_unless(&ends, next.span, Place::Flow, State::FlowValue)
            }
            _ => {
                self.outer.push(State::FlowMissingValue);
                self.node(Place::Flow)
            }
        }
    }

    /// The value of a key.
    pub(super) fn flow_value(&mut self) -> Result<Event<'t>> {
        let next = self.scanner.peek()?;
        if next.kind != TokenKind::Value {
            return self.missing(State::FlowKey);
        }
        self.take();
        let ends = [TokenKind::FlowEntry, TokenKind::FlowMappingEnd];
        self.node_unless(&ends, next.span, Place::Flow, State::FlowKey)
    }
}
