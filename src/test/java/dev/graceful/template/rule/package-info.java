@NullMarked
package dev.graceful.template.rule;

import org.jspecify.annotations.NullMarked;
