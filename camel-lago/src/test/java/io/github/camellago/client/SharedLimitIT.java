package io.github.camellago.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Twenty instances that share nothing but the limit of their organization, in virtual time. */
class SharedLimitIT {

    private static final int INSTANCES = 20;
    private static final int SECONDS = 60;

    @Test
    void instancesThatNeedLessThanTheLimitMeetNo429() {
        SharedLimitSimulation.Result result = SharedLimitSimulation.run(500, INSTANCES, 4, 24, SECONDS);

        assertThat(result.refused()).isLessThan(0.01);
        assertThat(result.perSecond()).isGreaterThan(0.95 * INSTANCES * 24);
        assertThat(result.fairness()).isGreaterThan(0.9);
    }

    @Test
    void instancesThatNeedMoreUseMostOfTheLimitInFairShares() {
        SharedLimitSimulation.Result result = SharedLimitSimulation.run(500, INSTANCES, 4, 0, 10 * SECONDS);

        assertThat(result.perSecond()).isBetween(440.0, 500.0);
        assertThat(result.fairness()).isGreaterThan(0.9);
        assertThat(result.refused()).isLessThan(0.002);
    }

    @Test
    void fiftyInstancesUseMostOfTheLimitInFairShares() {
        SharedLimitSimulation.Result result = SharedLimitSimulation.run(500, 50, 4, 0, 10 * SECONDS);

        assertThat(result.perSecond()).isBetween(460.0, 500.0);
        assertThat(result.fairness()).isGreaterThan(0.85);
        assertThat(result.refused()).isLessThan(0.005);
    }

    @Test
    void instancesWithAShareOfFewCallsMeetFew429s() {
        SharedLimitSimulation.Result result = SharedLimitSimulation.run(50, INSTANCES, 2, 0, 10 * SECONDS);

        assertThat(result.perSecond()).isBetween(45.0, 50.0);
        assertThat(result.fairness()).isGreaterThan(0.6);
        assertThat(result.refused()).isLessThan(0.01);
    }

    @Test
    void twoInstancesAreServedMoreThanOneWithoutAShare() {
        SharedLimitSimulation.Result two = SharedLimitSimulation.run(500, 2, 64, 0, 5 * SECONDS);

        assertThat(two.perSecond()).isBetween(SharedLimitSimulation.run(500, 1, 64, 0, SECONDS).perSecond(), 500.0);
        assertThat(two.fairness()).isGreaterThan(0.95);
        assertThat(two.refused()).isLessThan(0.001);
    }

    @Test
    void aSingleInstanceMeetsNo429() {
        assertThat(SharedLimitSimulation.run(500, 1, 64, 0, SECONDS).refused()).isZero();
        assertThat(SharedLimitSimulation.run(50, 1, 4, 0, SECONDS).refused()).isZero();
    }
}
