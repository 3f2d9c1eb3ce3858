"""The words of the house as types, and the rules that are true without a clock, a disk or a screen."""
