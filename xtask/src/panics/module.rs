//! A linked module as its sections, its symbols and its relocations tell of it.
use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Context, Result, ensure};
use wasmparser::{
    DataKind, ExternalKind, KnownCustom, Linking, Parser, Payload, RelocSectionReader, RelocationType,
    SymbolInfo, TypeRef,
};

/// The length of what is before the first section.
const HEADER: usize = 8;

/// What a number in the module stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// By its index.
    Function(u32),
    /// By the symbol's index.
    Data(u32),
    Other,
}

/// Places in the file of all that is of interest here.
#[derive(Default)]
pub struct Module<'w> {
    pub imported: u32,
    /// How many parameters each type has, and each function of our own.
    types: Vec<usize>,
    pub parameters: Vec<usize>,
    pub bodies: Vec<Range<usize>>,
    segments: Vec<Range<usize>>,
    pub roots: Vec<u32>,
    /// Names of functions.
    pub names: BTreeMap<u32, &'w str>,
    symbols: Vec<Target>,
    pub data: BTreeMap<u32, Range<usize>>,
    /// What stands at a place of the file, and whether it is a constant in code.
    pub links: BTreeMap<usize, (Target, bool)>,
    /// Sections that tell of the others what is no longer true.
    pub linking: Vec<Range<usize>>,
}

impl<'w> Module<'w> {
    pub fn read(wasm: &'w [u8]) -> Result<Self> {
        let mut module = Self::default();
        let mut relocations = Vec::new();
        let mut sections: Vec<Range<usize>> = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Some((_, range)) = payload.as_section() {
                let start = sections.last().map_or(HEADER, |last| last.end);
                if let Payload::CustomSection(section) = &payload
                    && (section.name() == "linking" || section.name().starts_with("reloc."))
                {
                    module.linking.push(start..range.end);
                }
                sections.push(range);
            }
            match payload {
                Payload::TypeSection(types) => {
                    for kind in types.into_iter_err_on_gc_types() {
                        module.types.push(kind?.params().len());
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let function = matches!(import?.ty, TypeRef::Func(_));
                        module.imported = module.imported.saturating_add(function.into());
                    }
                }
                Payload::FunctionSection(functions) => {
                    for kind in functions {
                        let parameters = module.types.get(usize::try_from(kind?)?).copied();
                        module.parameters.push(parameters.unwrap_or_default());
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            module.roots.push(export.index);
                        }
                    }
                }
                Payload::StartSection { func, .. } => module.roots.push(func),
                Payload::CodeSectionEntry(body) => module.bodies.push(body.range()),
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        ensure!(matches!(segment.kind, DataKind::Active { .. }), "a segment is passive");
                        let start = segment.range.end.saturating_sub(segment.data.len());
                        module.segments.push(start..segment.range.end);
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            if let Linking::SymbolTable(symbols) = part? {
                                for symbol in symbols {
                                    module.add(&symbol?)?;
                                }
                            }
                        }
                    }
                    KnownCustom::Reloc(reader) => relocations.push(reader),
                    _ => {}
                },
                _ => {}
            }
        }
        for reader in relocations {
            let section = sections.get(usize::try_from(reader.section_index())?);
            module.link(&reader, section.context("relocations of no section")?.start)?;
        }
        Ok(module)
    }

    fn add(&mut self, symbol: &SymbolInfo<'w>) -> Result<()> {
        let target = match *symbol {
            SymbolInfo::Func { index, name, .. } => {
                self.names.insert(index, name.unwrap_or_default());
                Target::Function(index)
            }
            SymbolInfo::Data { symbol: Some(data), .. } => {
                let segment =
                    self.segments.get(usize::try_from(data.index)?).context("data of no segment")?;
                let start = segment.start.saturating_add(usize::try_from(data.offset)?);
                let end = start.saturating_add(usize::try_from(data.size)?);
                let number = u32::try_from(self.symbols.len())?;
                // What is zero at first stands behind all that the file has.
                self.data.insert(number, start.min(segment.end)..end.min(segment.end));
                Target::Data(number)
            }
            _ => Target::Other,
        };
        self.symbols.push(target);
        Ok(())
    }

    fn link(&mut self, reader: &RelocSectionReader, start: usize) -> Result<()> {
        use RelocationType::{
            FunctionIndexLeb, MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb, TableIndexI32, TableIndexSleb,
        };
        for entry in reader.entries() {
            let entry = entry?;
            let kind = entry.ty;
            if let FunctionIndexLeb | MemoryAddrI32 | MemoryAddrLeb | MemoryAddrSleb | TableIndexI32
            | TableIndexSleb = kind
            {
                let target = self.symbols.get(usize::try_from(entry.index)?).copied();
                let constant = matches!(kind, MemoryAddrSleb | TableIndexSleb);
                let place = start.saturating_add(usize::try_from(entry.offset)?);
                self.links.insert(place, (target.context("a relocation of no symbol")?, constant));
            }
        }
        Ok(())
    }
}
