/** The texts that the first page has no use for. Pages that load later import this before they say anything. */
import later from 'virtual:texts/later';
import { addTexts } from './text';

addTexts(later);
