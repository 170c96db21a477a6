package io.sluice.kafka.admin;

import io.sluice.actors.config.GroupConfigs;
import io.sluice.actors.config.StaticConfigs;
import io.sluice.actors.controller.AdminResult;
import io.sluice.actors.controller.Controller;
import io.sluice.actors.image.ClusterImage;
import io.sluice.kafka.admin.ConfigChanges.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;

/** What AlterConfigs and IncrementalAlterConfigs have in common: the resources are checked one by one, and what is left goes to the controller. */
final class ConfigAlteration {

    /** These requests carry no timeout of their own. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** A resource as the request names it: its type may be one we do not know. */
    record Target(byte type, String name) {}

    /** The changes that are asked for one resource. */
    record Item(Target target, List<Change> changes) {}

    /** What became of one item of the request. */
    record Outcome(Target target, Errors error, String message) {}

    private final Controller controller;
    private final StaticConfigs statics;

    ConfigAlteration(Controller controller, StaticConfigs statics) {
        this.controller = controller;
        this.statics = statics;
    }

    /** Applies the changes; the outcomes are in the order of the items. Never fails. */
    CompletionStage<List<Outcome>> apply(List<Item> items, boolean replaceAll, boolean validateOnly) {
        ClusterImage image = controller.image();
        Map<Target, Integer> times = new HashMap<>();
        items.forEach(item -> times.merge(item.target, 1, Integer::sum));
        Map<ConfigResource, Map<String, String>> wanted = new LinkedHashMap<>();
        List<AdminResult<ConfigResource>> checked = new ArrayList<>();
        for (Item item : items) {
            try {
                if (times.get(item.target) > 1) {
                    throw new InvalidRequestException("the resource is in the request twice");
                }
                ConfigResource resource = ConfigTargets.require(image, item.target.type, item.target.name);
                Map<String, String> values = new ConfigChanges(image, statics).values(resource, item.changes);
                if (resource.type() == ConfigResource.Type.GROUP) {
                    GroupConfigs.requireWithinLimits(values, statics);
                }
                wanted.put(resource, values);
                checked.add(AdminResult.of(resource));
            } catch (ApiException e) {
                checked.add(AdminResult.failed(Errors.forException(e), e.getMessage()));
            }
        }
        var altered = wanted.isEmpty()
                ? CompletableFuture.completedFuture(Map.<ConfigResource, AdminResult<Void>>of())
                : controller.alterConfigs(wanted, replaceAll, validateOnly, TIMEOUT);
        return Outcomes.of(altered).thenApply(results -> {
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                AdminResult<ConfigResource> check = checked.get(i);
                AdminResult<?> result = check.error() != Errors.NONE ? check : results.apply(check.value());
                outcomes.add(new Outcome(items.get(i).target, result.error(), Outcomes.message(result)));
            }
            return outcomes;
        });
    }
}
