using System.Text;
using CsCheck;
using Faas.Actors.Runs.Output;
using Xunit;

namespace Faas.Actors.Tests.Runs.Output;

public sealed class RunLogTests
{
    [Fact]
    public void The_lines_of_both_streams_come_apart_in_the_order_of_their_ends()
    {
        var log = new RunLog(1000);
        Print(log, OutputStream.Stdout, "one\ntw");
        Print(log, OutputStream.Stderr, "careful\n");
        Print(log, OutputStream.Stdout, "o\nno end");

        Assert.Equal(["Stdout one", "Stderr careful", "Stdout two", "Stdout no end"], LinesOf(log));
        Assert.False(log.Lines().IsCut);
    }

    [Fact]
    public void Whatever_was_printed_in_whatever_pieces_its_end_is_kept_with_its_streams() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Select(Gen.Bool, Gen.Char["ab\n"].Array[0, 20]).List[0, 12])
            .Sample((limit, shorter, pieces) =>
            {
                var log = new RunLog(limit);
                var all = new List<(OutputStream Stream, byte Byte)>();
                foreach (var (isStderr, text) in pieces)
                {
                    var stream = isStderr ? OutputStream.Stderr : OutputStream.Stdout;
                    Print(log, stream, new string(text));
                    all.AddRange(text.Select(letter => (stream, (byte)letter)));
                }

                Assert.Equal(Expected(all, limit), LinesOf(log));
                Assert.Equal(all.Count > limit, log.Lines().IsCut);
                Assert.Equal(Math.Min(all.Count, limit), log.Length);
                log.Shorten(shorter);
                Assert.Equal(Expected(all, Math.Min(limit, shorter)), LinesOf(log));
                Assert.Equal(all.Count > Math.Min(limit, shorter), log.Lines().IsCut);
                Assert.True(log.HeldBytes <= shorter);
            });

    [Fact]
    public void A_run_that_goes_from_one_stream_to_the_other_for_ever_takes_no_more_memory_and_keeps_its_end()
    {
        var log = new RunLog(64 << 10);
        for (var i = 0; i < 10 * RunLog.MostMarks; i++)
        {
            Print(log, i % 2 == 0 ? OutputStream.Stdout : OutputStream.Stderr, $"{i}\n");
        }

        var (lines, isCut) = log.Lines();
        Assert.True(isCut);
        Assert.InRange(lines.Count, RunLog.MostMarks / 2, RunLog.MostMarks);
        Assert.Equal($"Stderr {(10 * RunLog.MostMarks) - 1}", LinesOf(log)[^1]);
    }

    [Fact]
    public async Task It_can_be_read_while_it_is_written()
    {
        var log = new RunLog(500);
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                Print(log, OutputStream.Stdout, "a line\n");
            }
        });
        do
        {
            Assert.All(log.Lines().Lines.Skip(1), line => Assert.Equal("a line", Encoding.UTF8.GetString(line.Bytes.Span)));
        }
        while (!writing.IsCompleted);
        await writing;
    }

    private static void Print(RunLog log, OutputStream stream, string text) => log.Append(stream, Encoding.UTF8.GetBytes(text));

    private static List<string> LinesOf(RunLog log) =>
        [.. log.Lines().Lines.Select(line => $"{line.Stream} {Encoding.UTF8.GetString(line.Bytes.Span)}")];

    // By the book: each byte of the kept end goes to its stream, and a line is told when it ends.
    private static List<string> Expected(List<(OutputStream Stream, byte Byte)> all, int limit)
    {
        var open = new Dictionary<OutputStream, string> { [OutputStream.Stdout] = "", [OutputStream.Stderr] = "" };
        var lines = new List<string>();
        foreach (var (stream, letter) in all.TakeLast(limit))
        {
            if (letter == '\n')
            {
                lines.Add($"{stream} {open[stream]}");
                open[stream] = "";
            }
            else
            {
                open[stream] += (char)letter;
            }
        }

        lines.AddRange(open.Where(line => line.Value.Length > 0).Select(line => $"{line.Key} {line.Value}"));
        return lines;
    }
}
