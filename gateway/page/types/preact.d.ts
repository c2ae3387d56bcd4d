// The part of Preact that the page uses. Preact's own types bring those of a browser into every file of the program, workflows
// too; these do not.

export type ComponentChild = VNode | string | number | boolean | null | undefined;
export type ComponentChildren = ComponentChild | readonly ComponentChild[] | readonly ComponentChildren[];

export interface VNode {
  type: unknown;
  props: object;
}

type Text = string | undefined;

interface Attributes {
  children?: ComponentChildren;
  key?: string | number;
  id?: Text;
  class?: Text;
  hidden?: boolean;
  role?: Text;
  tabIndex?: number;
  title?: Text;
  lang?: Text;
  disabled?: boolean;
  open?: boolean;
  src?: Text;
  alt?: Text;
  width?: Text;
  height?: Text;
  href?: Text;
  rel?: Text;
  defer?: boolean;
  type?: Text;
  name?: Text;
  content?: Text;
  charSet?: Text;
  for?: Text;
  method?: 'get' | 'post';
  action?: Text;
  formaction?: Text;
  value?: string | number | undefined;
  checked?: boolean;
  selected?: boolean;
  required?: boolean;
  rows?: number;
  maxLength?: number;
  placeholder?: Text;
  autocomplete?: Text;
  inputMode?: 'text' | 'numeric';
  spellcheck?: boolean;
  dateTime?: Text;
  scope?: 'col';
  [data: `data-${string}`]: Text;
  [aria: `aria-${string}`]: string | boolean | undefined;
}

type Tag =
  | `h${1 | 2 | 3}`
  | ('html' | 'head' | 'meta' | 'title' | 'link' | 'script' | 'body')
  | ('header' | 'main' | 'nav' | 'aside' | 'section' | 'article' | 'div' | 'p' | 'span' | 'a' | 'img')
  | ('ul' | 'ol' | 'li' | 'dl' | 'dt' | 'dd' | 'pre' | 'code' | 'strong' | 'b' | 'time')
  | ('form' | 'fieldset' | 'legend' | 'label' | 'input' | 'select' | 'option' | 'textarea' | 'button')
  | ('table' | 'thead' | 'tbody' | 'tr' | 'th' | 'td')
  | ('details' | 'summary');

export declare namespace JSX {
  type Element = VNode;
  type ElementType = Tag | ((props: never) => VNode | null);
  type IntrinsicElements = Record<Tag, Attributes>;
  interface IntrinsicAttributes {
    key?: string | number;
  }
  interface ElementChildrenAttribute {
    children: unknown;
  }
}

export declare function Fragment(props: { children?: ComponentChildren }): VNode;
export declare function jsx(type: unknown, props: object, key?: string): VNode;
export declare const jsxs: typeof jsx;
