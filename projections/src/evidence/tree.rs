//! The Merkle tree of RFC 6962 over the log: leaf n is the content hash of the event at position n + 1. It is stored as
//! tiles of height 8 (c2sp.org/tlog-tiles); only the last tile of each level still grows.
//!
//! Promises that the same content hashes give the same tiles and the same root, however they are split into batches.
//! The tests below compare it with a second implementation of the RFC's definition.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};
use tlog_tiles::{EMPTY_HASH, Error, Hash, HashReader, Tile};

/// Levels of the tree that one tile spans.
const HEIGHT: u8 = 8;
const WIDTH: usize = 1 << HEIGHT;
const HASH: usize = 32;

/// Which tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub level: u8,
    pub index: u64,
}

/// The hashes of tiles, one after the other.
pub type Tiles = BTreeMap<Place, Vec<u8>>;

/// The right edge of a tree: everything needed to extend it and to compute its root.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    size: u64,
    /// The last tile of each level; never a full one.
    levels: Vec<Vec<u8>>,
}

impl Edge {
    /// Leaves so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf. Tiles that become full go to `full`.
    pub fn push(&mut self, content_hash: &[u8], full: &mut Tiles) {
        let mut hash = tlog_tiles::record_hash(content_hash);
        self.size += 1;
        for level in 0.. {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::new());
            }
            let tile = &mut self.levels[usize::from(level)];
            tile.extend_from_slice(&hash.0);
            if tile.len() < WIDTH * HASH {
                return;
            }
            let tile = std::mem::take(tile);
            hash = Tile::subtree_hash(&tile);
            full.insert(Place { level, index: hashes_at(self.size, level + 1) - 1 }, tile);
        }
    }

    /// The incomplete tiles.
    pub fn growing(&self) -> impl Iterator<Item = (Place, &[u8])> {
        let tiles = (0..).zip(&self.levels).filter(|(_, tile)| !tile.is_empty());
        tiles.map(|(level, tile)| (self.last(level), tile.as_slice()))
    }

    /// The root of the tree.
    pub fn root(&self) -> Result<Hash, Error> {
        tlog_tiles::tree_hash(self.size, self)
    }

    /// The tiles that [`Edge::restore`] needs.
    pub fn places(size: u64) -> Vec<Place> {
        let tree = Self { size, levels: Vec::new() };
        (0..levels(size)).filter(|&level| width_of_last(size, level) > 0).map(|level| tree.last(level)).collect()
    }

    /// The edge of a tree of `size` leaves. None if a tile is missing or too short. Tiles may be those of a larger
    /// tree.
    pub fn restore(size: u64, tiles: &Tiles) -> Option<Self> {
        let mut edge = Self { size, levels: vec![Vec::new(); usize::from(levels(size))] };
        for place in Self::places(size) {
            let hashes = tiles.get(&place)?.get(..width_of_last(size, place.level) * HASH)?;
            edge.levels[usize::from(place.level)] = hashes.to_vec();
        }
        Some(edge)
    }

    fn last(&self, level: u8) -> Place {
        Place { level, index: hashes_at(self.size, level + 1) }
    }
}

/// Levels of tiles that a tree of this size has.
fn levels(size: u64) -> u8 {
    (0..).take_while(|level| hashes_at(size, *level) > 0).count() as u8
}

/// How many hashes the tiles of this level hold.
fn hashes_at(size: u64, level: u8) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or_default()
}

fn width_of_last(size: u64, level: u8) -> usize {
    (hashes_at(size, level) % WIDTH as u64) as usize
}

/// How many bytes of a tile belong to a tree of `size` leaves.
pub fn length_in(size: u64, place: Place) -> usize {
    let before = place.index << HEIGHT;
    let hashes = hashes_at(size, place.level).saturating_sub(before).min(WIDTH as u64);
    hashes as usize * HASH
}

/// The first leaf below the hash at `byte` of a tile.
pub fn first_leaf_at(place: Place, byte: usize) -> u64 {
    ((place.index << HEIGHT) + (byte / HASH) as u64) << (u32::from(place.level) * u32::from(HEIGHT))
}

/// Only the last tile of each level is read: a root needs no other.
impl HashReader for Edge {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let tile = |tile: &Tile| self.levels.get(usize::from(tile.level())).map(Vec::as_slice);
        indexes.iter().map(|&index| hash_at(index, tile)).collect()
    }
}

fn hash_at<'a>(index: u64, tile: impl Fn(&Tile) -> Option<&'a [u8]>) -> Result<Hash, Error> {
    let place = Tile::from_index(HEIGHT, index);
    place.hash_at_index(tile(&place).ok_or(Error::InvalidTile)?, index)
}

/// The source of hashes for a proof. A proof runs twice: first to collect the tiles that it needs, then with these
/// tiles.
pub enum Reader {
    Asking(RefCell<BTreeSet<Place>>),
    Having(Tiles),
}

impl Reader {
    /// The tiles that `prove` reads.
    pub fn needs<T>(prove: impl Fn(&Self) -> Result<T, Error>) -> Result<Vec<Place>, Error> {
        let asking = Self::Asking(RefCell::default());
        prove(&asking)?;
        match asking {
            Self::Asking(places) => Ok(places.into_inner().into_iter().collect()),
            Self::Having(_) => Ok(Vec::new()),
        }
    }
}

impl HashReader for Reader {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let place = |tile: &Tile| Place { level: tile.level(), index: tile.level_index() };
        match self {
            Self::Asking(places) => {
                places.borrow_mut().extend(indexes.iter().map(|&index| place(&Tile::from_index(HEIGHT, index))));
                Ok(vec![EMPTY_HASH; indexes.len()])
            }
            Self::Having(tiles) => {
                let found = |tile: &Tile| tiles.get(&place(tile)).map(Vec::as_slice);
                indexes.iter().map(|&index| hash_at(index, found)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn leaf(n: u64) -> [u8; 32] {
        Sha256::digest(n.to_be_bytes()).into()
    }

    /// The definition of RFC 6962, section 2.1.
    fn root_by_definition(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => Sha256::new().chain_update([0]).chain_update(leaf).finalize().into(),
            _ => {
                let half = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(half);
                let sides = Sha256::new().chain_update([1]).chain_update(root_by_definition(left));
                sides.chain_update(root_by_definition(right)).finalize().into()
            }
        }
    }

    /// The roots that implementations of RFC 6962 agree on for these leaves (the reference tests of Certificate Transparency).
    #[test]
    fn the_roots_are_those_that_others_compute() {
        let leaves: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut edge = Edge::default();
        for (leaf, root) in leaves.into_iter().zip(roots) {
            edge.push(leaf, &mut Tiles::new());
            assert_eq!(super::super::hex(&edge.root().unwrap().0), root);
        }
    }

    /// The tree of `size` leaves and all its tiles.
    fn tree(size: u64) -> (Edge, Tiles) {
        let (mut edge, mut tiles) = (Edge::default(), Tiles::new());
        (0..size).for_each(|n| edge.push(&leaf(n), &mut tiles));
        tiles.extend(edge.growing().map(|(place, hashes)| (place, hashes.to_vec())));
        (edge, tiles)
    }

    const SIZES: [u64; 12] = [0, 1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 66_000];

    #[test]
    fn the_root_is_that_of_the_definition() {
        let leaves: Vec<_> = (0..66_000).map(leaf).collect();
        for size in SIZES {
            let root = tree(size).0.root().unwrap();
            assert_eq!(root.0, root_by_definition(&leaves[..size as usize]), "{size}");
        }
    }

    #[test]
    fn a_tree_goes_on_from_its_tiles_also_from_those_of_a_larger_one() {
        let (largest, tiles) = tree(66_000);
        for size in SIZES {
            let mut edge = Edge::restore(size, &tiles).unwrap();
            assert_eq!(edge.root().unwrap(), tree(size).0.root().unwrap(), "{size}");
            (size..66_000).for_each(|n| edge.push(&leaf(n), &mut Tiles::new()));
            assert_eq!(edge.root().unwrap(), largest.root().unwrap());
        }
        assert!(Edge::restore(66_000, &Tiles::new()).is_none());
    }

    #[test]
    fn proofs_are_made_from_tiles_and_hold() {
        let (edge, tiles) = tree(66_000);
        let having = |places: Vec<Place>| {
            Reader::Having(places.into_iter().map(|place| (place, tiles[&place].clone())).collect())
        };
        let root = edge.root().unwrap();
        for n in [0, 1, 255, 256, 40_000, 65_535, 65_999] {
            let prove = |reader: &Reader| tlog_tiles::prove_record(66_000, n, reader);
            let path = prove(&having(Reader::needs(prove).unwrap())).unwrap();
            assert!(path.len() * HASH <= 1024);
            let leaf = tlog_tiles::record_hash(&leaf(n));
            tlog_tiles::check_record(&path, 66_000, root, n, leaf).unwrap();
            tlog_tiles::check_record(&path, 66_000, root, n ^ 1, leaf).unwrap_err();
        }
        for size in SIZES.into_iter().filter(|size| *size > 0) {
            let prove = |reader: &Reader| tlog_tiles::prove_tree(66_000, size, reader);
            let path = prove(&having(Reader::needs(prove).unwrap())).unwrap();
            let before = tree(size).0.root().unwrap();
            tlog_tiles::check_tree(&path, 66_000, root, size, before).unwrap();
        }
    }

    #[test]
    fn a_tile_is_as_long_as_its_tree_needs() {
        let place = |level, index| Place { level, index };
        assert_eq!(length_in(66_000, place(0, 0)), 256 * 32);
        assert_eq!(length_in(66_000, place(0, 257)), 208 * 32);
        assert_eq!(length_in(66_000, place(1, 1)), 32);
        assert_eq!(length_in(66_000, place(2, 0)), 32);
        assert_eq!(length_in(66_000, place(2, 1)), 0);
        assert_eq!(first_leaf_at(place(0, 257), 33), 65_793);
        assert_eq!(first_leaf_at(place(1, 1), 64), 66_048);
    }
}
