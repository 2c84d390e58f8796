//! Whether a statement keeps to its tenant.
//!
//! An alias of a tenant table is *anchored* when its `tenant_id` equals `?1`, or equals that of
//! an anchored alias, in a condition that every row must meet. Whatever this file does not
//! understand it refuses, so that it errs on the safe side.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Assignment, AssignmentTarget, BinaryOperator, ConflictTarget, Delete, Expr, FromTable, Insert,
    JoinConstraint, JoinOperator, ObjectName, OnConflictAction, OnInsert, Query, Select,
    SelectItem, SetExpr, SqliteOnConflict, Statement, TableFactor, TableObject, TableWithJoins,
    Update, Value, Visit, Visitor,
};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

/// What is wrong with a statement; nothing, when it keeps to its tenant.
pub(super) fn problems(sql: &str, tenant_tables: &BTreeSet<String>) -> Vec<String> {
    let statements = match Parser::parse_sql(&SQLiteDialect {}, &without_hints(sql)) {
        Ok(statements) => statements,
        Err(error) => return vec![format!("cannot be read: {error}")],
    };
    let [statement] = statements.as_slice() else {
        return vec![format!("{} statements in one text", statements.len())];
    };
    let mut audit = Audit {
        tenant_tables,
        problems: Vec::new(),
        frames: Vec::new(),
        named: 0,
        checked: 0,
    };
    let _ = statement.visit(&mut audit);
    if audit.named != audit.checked {
        let (named, checked) = (audit.named, audit.checked);
        audit.refuse(format!("{named} tenant tables named, {checked} checked"));
    }
    audit.problems
}

/// Takes `INDEXED BY …` away, which the parser does not know; it cannot change what is read.
fn without_hints(sql: &str) -> String {
    let sql = sql.replace(" AS MATERIALIZED (", " AS (");
    let mut parts = sql.split(" INDEXED BY ");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        kept.push_str(part.trim_start_matches(is_name));
    }
    kept
}

struct Audit<'t> {
    tenant_tables: &'t BTreeSet<String>,
    problems: Vec<String>,
    frames: Vec<Frame>,
    named: usize,
    checked: usize,
}

/// The relations of one FROM clause.
#[derive(Default)]
struct Frame {
    relations: Vec<Relation>,
    anchored: BTreeSet<String>,
}

struct Relation {
    alias: String,
    /// The tenant table it is, if it is one.
    table: Option<String>,
}

/// One side of an equality, as far as it can anchor.
enum Term {
    Tenant,
    Column(String),
}

/// A condition that rows of these relations must meet; an outer join's binds only the joined one.
struct Condition<'e> {
    expr: &'e Expr,
    only: Option<String>,
}

impl Visitor for Audit<'_> {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        match statement {
            Statement::Query(_) => {}
            Statement::Insert(insert) => self.check_insert(insert),
            Statement::Update(update) => self.check_update(update),
            Statement::Delete(delete) => self.check_delete(delete),
            other => self.refuse(format!("an unexpected kind of statement: {other}")),
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            let name = cte.alias.name.value.to_lowercase();
            if self.tenant_tables.contains(&name) {
                self.refuse(format!("the name {name} hides a tenant table"));
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let frame = self.frame(&select.from, select.selection.as_ref());
        self.check_frame(&frame);
        self.frames.push(frame);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _select: &Select) -> ControlFlow<()> {
        self.frames.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        self.named += usize::from(self.tenant_table(relation).is_some());
        ControlFlow::Continue(())
    }
}

impl Audit<'_> {
    fn refuse(&mut self, problem: String) {
        self.problems.push(problem);
    }

    fn tenant_table(&self, name: &ObjectName) -> Option<String> {
        let last = name.0.last()?.as_ident()?.value.to_lowercase();
        self.tenant_tables.contains(&last).then_some(last)
    }

    fn check_frame(&mut self, frame: &Frame) {
        for Relation { alias, table } in &frame.relations {
            let Some(table) = table else { continue };
            self.checked += 1;
            if !frame.anchored.contains(alias) {
                self.refuse(format!("{table} AS {alias} is not bound to the tenant"));
            }
        }
    }

    /// Reads a FROM clause, and anchors what its conditions and WHERE anchor.
    fn frame(&mut self, from: &[TableWithJoins], selection: Option<&Expr>) -> Frame {
        let mut frame = Frame::default();
        let mut conditions = Vec::new();
        for item in from {
            self.add_relation(&mut frame, &item.relation);
            for join in &item.joins {
                self.add_relation(&mut frame, &join.relation);
                let joined = frame
                    .relations
                    .last()
                    .map(|relation| relation.alias.clone());
                let (constraint, only) = match &join.join_operator {
                    JoinOperator::Join(on)
                    | JoinOperator::Inner(on)
                    | JoinOperator::CrossJoin(on) => (on, None),
                    JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (on, joined),
                    other => {
                        self.refuse(format!("an unexpected kind of join: {other:?}"));
                        continue;
                    }
                };
                if let JoinConstraint::On(expr) = constraint {
                    conditions.push(Condition { expr, only });
                }
            }
        }
        conditions.extend(selection.map(|expr| Condition { expr, only: None }));
        self.anchor(&mut frame, &conditions);
        frame
    }

    fn add_relation(&mut self, frame: &mut Frame, factor: &TableFactor) {
        let (alias, table) = match factor {
            TableFactor::Table {
                name, alias, args, ..
            } => {
                let table = self.tenant_table(name).filter(|_| args.is_none());
                let own = name.0.last().and_then(|part| part.as_ident());
                let alias = alias.as_ref().map(|alias| &alias.name).or(own);
                (alias.map(|alias| alias.value.to_lowercase()), table)
            }
            TableFactor::Derived { alias, .. } => (
                alias.as_ref().map(|alias| alias.name.value.to_lowercase()),
                None,
            ),
            other => return self.refuse(format!("an unexpected thing to read from: {other}")),
        };
        let alias = alias.unwrap_or_default();
        if frame
            .relations
            .iter()
            .any(|relation| relation.alias == alias)
        {
            self.refuse(format!("two relations are called {alias}"));
        }
        frame.relations.push(Relation { alias, table });
    }

    /// Repeats until no condition anchors anything more.
    fn anchor(&self, frame: &mut Frame, conditions: &[Condition<'_>]) {
        let mut equalities = Vec::new();
        for condition in conditions {
            let mut parts = Vec::new();
            conjuncts(condition.expr, &mut parts);
            let pairs = parts.iter().filter_map(|part| equality(part, frame));
            equalities.extend(pairs.map(|pair| (pair, condition.only.clone())));
        }
        loop {
            let before = frame.anchored.len();
            for ((left, right), only) in &equalities {
                for (one, other) in [(left, right), (right, left)] {
                    let Term::Column(alias) = one else { continue };
                    let may = only.as_ref().is_none_or(|only| only == alias);
                    if may && frame.declares(alias) && self.is_anchored(frame, other) {
                        frame.anchored.insert(alias.clone());
                    }
                }
            }
            if frame.anchored.len() == before {
                return;
            }
        }
    }

    /// Whether a term is the tenant, as seen from inside this frame.
    fn is_anchored(&self, frame: &Frame, term: &Term) -> bool {
        let Term::Column(alias) = term else {
            return true;
        };
        let frames = std::iter::once(frame).chain(self.frames.iter().rev());
        let mut declaring = frames.filter(|frame| frame.declares(alias));
        declaring
            .next()
            .is_some_and(|frame| frame.anchored.contains(alias))
    }

    fn check_insert(&mut self, insert: &Insert) {
        let TableObject::TableName(name) = &insert.table else {
            return self.refuse("an insert into what is no table".to_owned());
        };
        let Some(table) = self.tenant_table(name) else {
            return;
        };
        self.checked += 1;
        if insert.replace_into || insert.or.is_some() {
            self.refuse(format!("{table}: a conflict may delete another's row"));
        }
        self.check_conflict(&table, insert.on.as_ref());
        let names: Vec<String> = insert.columns.iter().map(ToString::to_string).collect();
        let Some(place) = names.iter().position(|name| name == "tenant_id") else {
            return self.refuse(format!("{table} gets no tenant"));
        };
        if !self.gives_tenant(insert.source.as_deref(), place) {
            self.refuse(format!("{table} gets a tenant that is not the statement's"));
        }
    }

    /// Whether the value at this place of every row is the tenant.
    fn gives_tenant(&mut self, source: Option<&Query>, place: usize) -> bool {
        match source.map(|source| &*source.body) {
            Some(SetExpr::Values(values)) => values
                .rows
                .iter()
                .all(|row| row.get(place).is_some_and(is_tenant)),
            Some(SetExpr::Select(select)) => {
                let are_plain = select
                    .projection
                    .iter()
                    .all(|item| matches!(item, SelectItem::UnnamedExpr(_)));
                let Some(SelectItem::UnnamedExpr(given)) = select.projection.get(place) else {
                    return false;
                };
                let frame = self.frame(&select.from, select.selection.as_ref());
                let term = term(given, &frame);
                are_plain && term.is_some_and(|term| self.is_anchored(&frame, &term))
            }
            Some(_) | None => false,
        }
    }

    fn check_conflict(&mut self, table: &str, on: Option<&OnInsert>) {
        match on {
            None => {}
            Some(OnInsert::OnConflict(on)) => {
                let OnConflictAction::DoUpdate(update) = &on.action else {
                    return;
                };
                let is_own = matches!(&on.conflict_target, Some(ConflictTarget::Columns(columns))
                    if columns.iter().any(|column| column.value == "tenant_id"));
                if !is_own {
                    self.refuse(format!("{table}: the upsert may change another's row"));
                }
                self.check_assignments(table, &update.assignments);
            }
            Some(_) => self.refuse(format!("{table}: an unexpected kind of upsert")),
        }
    }

    fn check_update(&mut self, update: &Update) {
        if update.from.is_some() || matches!(update.or, Some(SqliteOnConflict::Replace)) {
            self.refuse("an unexpected kind of update".to_owned());
        }
        let frame = self.frame(
            std::slice::from_ref(&update.table),
            update.selection.as_ref(),
        );
        self.check_frame(&frame);
        self.check_assignments("an update", &update.assignments);
        self.frames.push(frame);
    }

    fn check_delete(&mut self, delete: &Delete) {
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
        if delete.using.is_some() || !delete.tables.is_empty() {
            self.refuse("an unexpected kind of delete".to_owned());
        }
        let frame = self.frame(from, delete.selection.as_ref());
        self.check_frame(&frame);
        self.frames.push(frame);
    }

    fn check_assignments(&mut self, table: &str, assignments: &[Assignment]) {
        let sets_tenant = |assignment: &Assignment| match &assignment.target {
            AssignmentTarget::ColumnName(name) => name.to_string().contains("tenant_id"),
            AssignmentTarget::Tuple(_) => true,
        };
        if assignments.iter().any(sets_tenant) {
            self.refuse(format!("{table}: a row is given to another tenant"));
        }
    }
}

impl Frame {
    fn declares(&self, alias: &str) -> bool {
        self.relations
            .iter()
            .any(|relation| relation.alias == alias)
    }
}

/// Splits `a AND b AND …` into its parts.
fn conjuncts<'e>(expr: &'e Expr, parts: &mut Vec<&'e Expr>) {
    match expr {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => {
            conjuncts(left, parts);
            conjuncts(right, parts);
        }
        Expr::Nested(inner) => conjuncts(inner, parts),
        other => parts.push(other),
    }
}

fn equality(expr: &Expr, frame: &Frame) -> Option<(Term, Term)> {
    match expr {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        } => Some((term(left, frame)?, term(right, frame)?)),
        _ => None,
    }
}

/// A side of an equality. A column without its table's name counts where only one is read.
fn term(expr: &Expr, frame: &Frame) -> Option<Term> {
    match expr {
        expr if is_tenant(expr) => Some(Term::Tenant),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [alias, column] if column.value == "tenant_id" => {
                Some(Term::Column(alias.value.to_lowercase()))
            }
            _ => None,
        },
        Expr::Identifier(column) if column.value == "tenant_id" => {
            match frame.relations.as_slice() {
                [only] => Some(Term::Column(only.alias.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_tenant(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value)
        if matches!(&value.value, Value::Placeholder(name) if name == "?1"))
}
