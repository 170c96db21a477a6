/**
 * The APIs of administration: topics, partitions, settings, records, log directories. Changes go to the controller, all else is answered from this
 * node's image. A request's items fail one by one, never the request as a whole.
 */
package io.sluice.kafka.admin;
