//! Which cells there are: the dimensions of the configured tables, their slices, and the sums that
//! tie cells to one another. It knows nothing of what is counted in a cell.

use std::collections::{BTreeMap, HashMap};

use crate::config::Plan;

/// The cell of a group's column where it is summed over.
pub const TOTAL: &str = "Total";

/// A group that some table uses; a column of the breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Index into [`Plan::groups`].
    pub group: usize,
    /// The group's id: the column's name.
    pub id: String,
    /// How the group is printed.
    pub label: String,
    /// Which definition of the group this is; may be empty.
    pub version: String,
    /// Id and label of each level, in the plan's order.
    pub levels: Vec<(String, String)>,
}

impl Dimension {
    /// The cell of the column: a level's id or [`TOTAL`]; empty for those missing on the group.
    pub fn value(&self, coordinate: Coordinate) -> &str {
        match coordinate {
            Coordinate::Total => TOTAL,
            Coordinate::Level(l) => self.levels.get(usize::from(l)).map_or("", |(id, _)| id),
            Coordinate::Missing => "",
        }
    }
}

/// Where a cell stands on one dimension. Sorts in the order of the rows: total, then the levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coordinate {
    /// Summed over: everyone, with a level or without.
    Total,
    /// An index into [`Dimension::levels`].
    Level(u16),
    /// Those who are missing on the group. Never published, but implied by what is.
    Missing,
}

/// A cell's identity: one coordinate per dimension. A cell that belongs to several tables is one
/// cell, and has one status.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub Box<[Coordinate]>);

impl Cell {
    /// Whether the cell has rows: no remainder of missing respondents does.
    pub fn is_published(&self) -> bool {
        !self.0.contains(&Coordinate::Missing)
    }

    /// The dimensions that are not summed over, ascending: which slice the cell belongs to.
    pub fn slice(&self) -> Vec<usize> {
        (0..self.0.len()).filter(|&d| self.0.get(d) != Some(&Coordinate::Total)).collect()
    }

    /// The same cell with another coordinate on one dimension.
    pub fn with(&self, dimension: usize, coordinate: Coordinate) -> Cell {
        let mut cell = self.clone();
        if let Some(c) = cell.0.get_mut(dimension) {
            *c = coordinate;
        }
        cell
    }
}

/// A sum over one dimension: the total is the sum of the parts, the remainder of those missing on
/// the dimension among them. Indices into the list of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The cell summed over the dimension.
    pub total: usize,
    /// Every cell that differs from it in the dimension alone, in order.
    pub parts: Vec<usize>,
}

/// All sums over one dimension among the cells, ordered by total and dimension.
pub fn lines(cells: &[Cell]) -> Vec<Line> {
    let index: HashMap<&Cell, usize> = cells.iter().enumerate().map(|(i, c)| (c, i)).collect();
    let mut lines: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (i, cell) in cells.iter().enumerate() {
        for d in cell.slice() {
            if let Some(&total) = index.get(&cell.with(d, Coordinate::Total)) {
                lines.entry((total, d)).or_default().push(i);
            }
        }
    }
    lines.into_iter().map(|((total, _), parts)| Line { total, parts }).collect()
}

/// A set of dimensions that some table crosses, and the counted table it is summed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Positions in [`Layout::dimensions`], ascending. Empty: everyone.
    pub dimensions: Vec<usize>,
    /// Index into [`Layout::tables`].
    pub table: usize,
}

/// The dimensions, what is counted, and what is summed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Every group that a table uses, in the plan's order.
    pub dimensions: Vec<Dimension>,
    /// The crossings that are counted: the tables that are part of no other. Never empty.
    pub tables: Vec<Vec<usize>>,
    /// Every table with all its margins, each once, the empty one (everyone) first.
    pub slices: Vec<Slice>,
}

impl Layout {
    /// The layout of a plan's tables.
    pub fn new(plan: &Plan) -> Self {
        let mut used: Vec<usize> = plan.breakdown.tables.iter().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        let dimensions: Vec<Dimension> = used.iter().filter_map(|&g| dimension(plan, g)).collect();
        let tables = plan.breakdown.tables.iter().map(|t| positions(t, &dimensions)).collect();
        let tables = largest(tables);
        let slices = slices(&tables);
        Layout { dimensions, tables, slices }
    }

    /// The number of a respondent's cell in a table: mixed radix, missing as one level more.
    pub fn key(&self, table: &[usize], groups: &[Option<u16>]) -> u64 {
        table.iter().filter_map(|&d| self.dimensions.get(d)).fold(0, |key, dimension| {
            let size = dimension.levels.len() as u64;
            let level = groups.get(dimension.group).copied().flatten().map_or(size, u64::from);
            key * (size + 1) + level.min(size)
        })
    }

    /// The cell of a slice into which a table's cell with this number falls.
    pub fn cell(&self, table: &[usize], mut key: u64, slice: &[usize]) -> Cell {
        let mut at = vec![Coordinate::Total; self.dimensions.len()];
        for &d in table.iter().rev() {
            let size = self.dimensions.get(d).map_or(0, |x| x.levels.len() as u64);
            let level = key % (size + 1);
            key /= size + 1;
            if let Some(c) = at.get_mut(d).filter(|_| slice.contains(&d)) {
                *c = if level == size { Coordinate::Missing } else { Coordinate::Level(level as u16) };
            }
        }
        Cell(at.into())
    }

    /// The cells of the tables of one group, level by level, whether or not anyone is in them.
    pub fn single_levels(&self) -> Vec<Cell> {
        let everyone = Cell(vec![Coordinate::Total; self.dimensions.len()].into());
        let alone = self.slices.iter().filter_map(|s| match s.dimensions.as_slice() {
            &[d] => Some(d),
            _ => None,
        });
        let level = |d: usize, l: usize| everyone.with(d, Coordinate::Level(l as u16));
        alone
            .flat_map(|d| (0..self.dimensions.get(d).map_or(0, |x| x.levels.len())).map(move |l| (d, l)))
            .map(|(d, l)| level(d, l))
            .collect()
    }
}

fn dimension(plan: &Plan, group: usize) -> Option<Dimension> {
    let g = plan.groups.get(group)?;
    let levels = g.levels.iter().map(|l| (l.id.clone(), l.label.clone())).collect();
    let (label, version) = (g.label.clone(), g.version.clone());
    Some(Dimension { group, id: g.id.clone(), label, version, levels })
}

fn positions(table: &[usize], dimensions: &[Dimension]) -> Vec<usize> {
    (0..dimensions.len()).filter(|&d| dimensions.get(d).is_some_and(|x| table.contains(&x.group))).collect()
}

/// The tables that are part of no other, in the plan's order.
fn largest(tables: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let inside = |a: &[usize], b: &[usize]| a.iter().all(|d| b.contains(d));
    let mut out: Vec<Vec<usize>> = Vec::new();
    for (i, table) in tables.iter().enumerate() {
        let larger = tables.iter().any(|o| o.len() > table.len() && inside(table, o));
        let earlier = tables.iter().take(i).any(|o| o == table);
        if !larger && !earlier {
            out.push(table.clone());
        }
    }
    if out.is_empty() {
        out.push(Vec::new());
    }
    out
}

/// Every subset of every table once, by size and then position; the first table that has it.
fn slices(tables: &[Vec<usize>]) -> Vec<Slice> {
    let mut found: BTreeMap<(usize, Vec<usize>), usize> = BTreeMap::new();
    for (t, table) in tables.iter().enumerate() {
        for mask in 0..1u32 << table.len() {
            let subset: Vec<usize> =
                table.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, &d)| d).collect();
            found.entry((subset.len(), subset)).or_insert(t);
        }
    }
    found.into_iter().map(|((_, dimensions), table)| Slice { dimensions, table }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(tables: &str) -> Layout {
        let text = format!(
            r#"
            [[question]]
            id = "q"
            kind = "text"
            column = "q"
            [[group]]
            id = "care"
            column = "c"
            levels = {{ foster = ["f"], home = ["h"] }}
            [[group]]
            id = "age"
            column = "a"
            levels = {{ young = ["y"], old = ["o"] }}
            [[group]]
            id = "send"
            column = "s"
            levels = {{ yes = ["y"], no = ["n"] }}
            [breakdown]
            tables = {tables}
            "#
        );
        Layout::new(&crate::config::parse(&text, "test").unwrap())
    }

    #[test]
    fn a_margin_of_two_tables_is_one_slice() {
        let l = layout(r#"[["age", "care"], ["care", "send"], ["care"]]"#);
        assert_eq!(l.tables, [vec![0, 1], vec![0, 2]]);
        let dims: Vec<_> = l.slices.iter().map(|s| s.dimensions.clone()).collect();
        assert_eq!(dims, [vec![], vec![0], vec![1], vec![2], vec![0, 1], vec![0, 2]]);
    }

    #[test]
    fn no_table_is_everyone() {
        let l = layout("[]");
        assert_eq!((l.tables.len(), l.slices.len(), l.dimensions.len()), (1, 1, 0));
        assert_eq!(l.cell(&[], l.key(&[], &[None]), &[]), Cell(Box::new([])));
    }

    #[test]
    fn a_key_and_its_cell_agree() {
        use Coordinate::{Level, Missing, Total};
        let l = layout(r#"[["care", "age"], ["send"]]"#);
        let key = l.key(&[0, 1], &[Some(1), None, Some(0)]);
        assert_eq!(l.cell(&[0, 1], key, &[0, 1]).0.as_ref(), [Level(1), Missing, Total]);
        assert_eq!(l.cell(&[0, 1], key, &[0]).0.as_ref(), [Level(1), Total, Total]);
        let unknown = l.key(&[0, 1], &[Some(9), Some(1)]);
        assert_eq!(l.cell(&[0, 1], unknown, &[0, 1]).0.as_ref(), [Missing, Level(1), Total]);
    }

    #[test]
    fn a_line_holds_the_levels_and_the_remainder() {
        use Coordinate::{Level, Missing, Total};
        let cells: Vec<Cell> = [[Total, Total], [Total, Level(0)], [Level(0), Total], [Missing, Total]]
            .into_iter()
            .map(|c| Cell(c.into()))
            .collect();
        let found = lines(&cells);
        assert_eq!(found, [Line { total: 0, parts: vec![2, 3] }, Line { total: 0, parts: vec![1] }]);
    }
}
