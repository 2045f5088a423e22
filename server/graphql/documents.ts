import { type DocumentNode, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { tooDeep } from './errors.ts';
import { DOCUMENT_LIMITS, documentRules } from './limits.ts';
import { publicSchema, staffSchema } from './schema.ts';

/** What is remembered of documents: so many, of so many characters together. What was not asked for longest is forgotten first. */
const REMEMBERED = 256;
const REMEMBERED_CHARACTERS = 256 * 1024;

/** A document as a schema takes it, or what is wrong with it. */
export type Read = { readonly document: DocumentNode } | { readonly problems: readonly GraphQLError[] };

export type Documents = (side: 'public' | 'staff', text: string) => Read;

/**
 * Parses and validates documents against the schema of a side and its limits, each text once: a crowd that asks the
 * same pays for it once. `isOpen`: introspection is let pass in public too.
 */
export function createDocuments(isOpen: boolean): Documents {
  const schemas = { public: publicSchema, staff: staffSchema };
  const rules = {
    public: [...documentRules('public', isOpen), ...specifiedRules],
    staff: [...documentRules('staff', true), ...specifiedRules],
  };
  const remembered = new Map<string, Read>();
  let characters = 0;

  const read = (side: 'public' | 'staff', text: string): Read => {
    try {
      const document = parse(text, { maxTokens: DOCUMENT_LIMITS.tokens });
      const problems = validate(schemas[side], document, rules[side]);
      return problems.length > 0 ? { problems } : { document };
    } catch (error) {
      if (error instanceof GraphQLError) return { problems: [error] };
      // Brackets in brackets: parsing goes as deep as they do, and the stack ends before the tokens are counted.
      if (error instanceof RangeError) return { problems: [tooDeep()] };
      throw error;
    }
  };

  return (side, text) => {
    const name = `${side} ${text}`;
    const known = remembered.get(name);
    if (known) {
      // Whoever is asked for is young again: strangers cannot push out what all follow.
      remembered.delete(name);
      remembered.set(name, known);
      return known;
    }
    const fresh = read(side, text);
    remembered.set(name, fresh);
    characters += name.length;
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED && characters <= REMEMBERED_CHARACTERS) break;
      remembered.delete(oldest);
      characters -= oldest.length;
    }
    return fresh;
  };
}
