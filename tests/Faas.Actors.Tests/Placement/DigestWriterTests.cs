using CsCheck;
using Faas.Actors.Placement;
using Faas.Actors.Pool.Scheduler;
using Xunit;

namespace Faas.Actors.Tests.Placement;

public sealed class DigestWriterTests
{
    private static readonly Gen<PoolDigest> s_digest = Gen.Select(
        Gen.Int[0, 3],
        Gen.Int[0, 2],
        Gen.Dictionary(Gen.Bool.Select(isNode => isNode ? "node" : "python"), Gen.Int[1, 2])[0, 2],
        Gen.Dictionary(Gen.Long[1, 6], Gen.Int[1, 3])[0, 6])
        .Select(PoolDigest (free, waiting, spares, seats) => new(3, free, waiting, false, spares, seats));

    private static readonly PoolDigest s_quiet = new(3, 3, 0, false, new Dictionary<string, int>(), new Dictionary<long, int> { [7] = 1 });

    [Fact]
    public void Who_gets_all_news_knows_all_seats_and_who_misses_one_knows_it()
    {
        Gen.Select(s_digest, Gen.Bool, Gen.Bool).List[1, 40].Sample(looks =>
        {
            var (writer, reader) = (new DigestWriter(life: 1), new ReaderOnPaper());
            PoolDigest? before = null;
            foreach (var (digest, isLost, asks) in looks)
            {
                if (asks && !reader.KnowsSeats)
                {
                    writer.WantWhole();
                }

                var news = writer.Next(digest);
                if (news is not null && !isLost)
                {
                    reader.Take(news);
                }
                else if (news is not null)
                {
                    reader.Miss();
                }

                if (reader.KnowsSeats)
                {
                    Assert.Equal(Sorted(Larger(digest, before)), Sorted(reader.Seats));
                }

                before = digest;
            }
        });
    }

    [Fact]
    public void Nothing_is_told_while_nothing_changes_except_that_the_node_lives()
    {
        var writer = new DigestWriter(life: 1);
        Assert.True(writer.Next(s_quiet)!.IsWhole);
        for (var silence = 1; silence < DigestWriter.MostSilent; silence++)
        {
            Assert.Null(writer.Next(s_quiet));
        }

        var life = writer.Next(s_quiet)!;
        Assert.Equal((2, false, 0), (life.Number, life.IsWhole, life.Seats.Count));
    }

    [Fact]
    public void A_sandbox_that_is_busy_at_one_look_alone_is_told_as_free()
    {
        var writer = new DigestWriter(life: 1);
        var busy = s_quiet with { Free = 2, Seats = new Dictionary<long, int>() };
        writer.Next(s_quiet);
        Assert.Null(writer.Next(busy));

        var news = writer.Next(busy)!;
        Assert.Equal((2, 0), (news.Free, news.Seats[7]));
    }

    private static Dictionary<long, int> Larger(PoolDigest now, PoolDigest? before) => now.Seats.Keys
        .Union(before?.Seats.Keys ?? [])
        .ToDictionary(key => key, key => Math.Max(now.Seats.GetValueOrDefault(key), before?.Seats.GetValueOrDefault(key) ?? 0));

    private static List<KeyValuePair<long, int>> Sorted(IReadOnlyDictionary<long, int> seats) => [.. seats.OrderBy(seat => seat.Key)];

    /// <summary>Another node, by the rules of <see cref="DigestNews"/> alone.</summary>
    private sealed class ReaderOnPaper
    {
        public Dictionary<long, int> Seats { get; private set; } = [];

        public bool KnowsSeats { get; private set; }

        public void Miss() => KnowsSeats = false;

        public void Take(DigestNews news)
        {
            if (news.IsWhole)
            {
                (Seats, KnowsSeats) = (new Dictionary<long, int>(news.Seats), true);
            }

            foreach (var (key, seats) in KnowsSeats ? news.Seats : new Dictionary<long, int>())
            {
                Seats[key] = seats;
                if (seats == 0)
                {
                    Seats.Remove(key);
                }
            }
        }
    }
}
