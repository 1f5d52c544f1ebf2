package io.github.camellago.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart with logarithmic axes, as SVG. A line as steep as the dotted one grows in proportion. */
final class Plot {

    static final int WIDTH = 300;
    static final int HEIGHT = 230;
    private static final int LEFT = 52;
    private static final int TOP = 30;
    private static final int RIGHT = 12;
    private static final int BOTTOM = 38;

    private final String title;
    private final String x;
    private final List<double[]> points = new ArrayList<>();

    Plot(String title, String x) {
        this.title = title;
        this.x = x;
    }

    void add(double size, double value) {
        points.add(new double[]{size, Math.max(1e-3, value)});
    }

    /** The whole picture, with two charts in a row. */
    static String svg(List<Plot> plots) {
        int rows = (plots.size() + 1) / 2;
        StringBuilder svg = new StringBuilder();
        svg.append(text(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                2 * WIDTH, rows * HEIGHT));
        for (int i = 0; i < plots.size(); i++) {
            svg.append(text("<g transform=\"translate(%d,%d)\">%n", i % 2 * WIDTH, i / 2 * HEIGHT)).append(plots.get(i).chart())
                    .append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private String chart() {
        int left = decade(0, false);
        int right = Math.max(left + 1, decade(0, true));
        int bottom = decade(1, false);
        int top = Math.max(bottom + 1, decade(1, true));
        StringBuilder chart = new StringBuilder(text("<text x=\"%d\" y=\"18\" font-weight=\"bold\">%s</text>%n", LEFT, title));
        chart.append(text("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", WIDTH - RIGHT, HEIGHT - 6, x));
        for (int e = left; e <= right; e++) {
            double at = scale(e, left, right, LEFT, WIDTH - RIGHT);
            chart.append(text(
                    "<path d=\"M%.1f %dV%d\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    at, TOP, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 14, label(e)));
        }
        for (int e = bottom; e <= top; e++) {
            double at = scale(e, bottom, top, HEIGHT - BOTTOM, TOP);
            chart.append(
                    text("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                            LEFT, at, WIDTH - RIGHT, LEFT - 4, at + 4, label(e)));
        }
        chart.append(line(left, right, bottom, top, inProportion(), "#999\" stroke-dasharray=\"3 3"));
        chart.append(line(left, right, bottom, top, points, "#1668b8\" stroke-width=\"2"));
        for (double[] point : points) {
            chart.append(text("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#1668b8\"/>%n",
                    scale(Math.log10(point[0]), left, right, LEFT, WIDTH - RIGHT),
                    scale(Math.log10(point[1]), bottom, top, HEIGHT - BOTTOM, TOP)));
        }
        return chart.toString();
    }

    /** Growth in proportion, to the last point, within the chart. */
    private List<double[]> inProportion() {
        double[] last = points.get(points.size() - 1);
        double lowest = Math.pow(10, decade(1, false));
        double from = Math.max(points.get(0)[0], last[0] * lowest / last[1]);
        return List.of(new double[]{from, last[1] * from / last[0]}, last);
    }

    private static String line(int left, int right, int bottom, int top, List<double[]> points, String stroke) {
        StringBuilder path = new StringBuilder();
        for (double[] point : points) {
            path.append(text("%s%.1f %.1f", path.isEmpty() ? "M" : "L",
                    scale(Math.log10(point[0]), left, right, LEFT, WIDTH - RIGHT),
                    scale(Math.log10(point[1]), bottom, top, HEIGHT - BOTTOM, TOP)));
        }
        return text("<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>%n", path, stroke);
    }

    private int decade(int axis, boolean up) {
        double[] logs = points.stream().mapToDouble(point -> Math.log10(point[axis])).sorted().toArray();
        return up ? (int) Math.ceil(logs[logs.length - 1] - 1e-9) : (int) Math.floor(logs[0] + 1e-9);
    }

    private static double scale(double value, double from, double to, double start, double end) {
        return start + (value - from) / (to - from) * (end - start);
    }

    private static String label(int exponent) {
        return exponent >= 0 && exponent < 4
                ? String.valueOf((int) Math.pow(10, exponent))
                : exponent < 0
                        ? text("%." + -exponent + "f", Math.pow(10, exponent))
                        : "10<tspan dy=\"-4\" font-size=\"8\">" + exponent + "</tspan>";
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
