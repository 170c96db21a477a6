package io.sluice.streams;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** The graph stage of {@link PartitionSource}. */
final class PartitionStage extends GraphStage<SourceShape<StreamRecord>> {

    private final Outlet<StreamRecord> out = Outlet.create("PartitionSource.out");
    private final SourceShape<StreamRecord> shape = SourceShape.of(out);
    private final PartitionSource source;
    private final boolean untilEnd;

    PartitionStage(PartitionSource source, boolean untilEnd) {
        this.source = source;
        this.untilEnd = untilEnd;
    }

    @Override
    public SourceShape<StreamRecord> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new PartitionStageLogic(shape, source, untilEnd);
    }
}
