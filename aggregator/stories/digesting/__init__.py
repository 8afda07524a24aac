"""The parts of the digest: lines, sentences, who speaks, what is chosen, where paragraphs end. Pure."""
