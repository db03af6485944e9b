using Faas.Actors.Libraries;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes;

public sealed class BundleTrustTests
{
    [Theory]
    [InlineData(true, "beta", "@acme/*")]
    [InlineData(false, "beta")]
    [InlineData(false, "Beta", "@acme/*")]
    [InlineData(false, "pypi:beta", "@acme/*")]
    [InlineData(false)]
    public void A_bundle_is_trusted_where_all_libraries_of_its_lock_are(bool isTrusted, params string[] trusted) =>
        Assert.Equal(isTrusted, Trusting(trusted).Of(Bundle("@acme/alpha", "beta")) is not null);

    [Fact]
    public void What_the_author_writes_is_no_pause_and_what_is_no_bundle_has_none()
    {
        var trust = Trusting("*");
        var bundle = Bundle("beta");
        const string pause = "await globalThis[Symbol.for(\"faas.pause\")];";
        Assert.NotNull(trust.Of(bundle));
        Assert.Null(trust.Of(bundle with { Compiled = new CompiledJavaScript(pause, "{}") }));
        Assert.Null(trust.Of(bundle with { Compiled = null }));
        Assert.Null(trust.Of(bundle with { Lock = null }));
        Assert.Null(trust.Of(bundle with { Language = Language.Python }));
        Assert.Null(trust.Of(bundle with { Lock = bundle.Lock + "more:\n" }));
    }

    [Fact]
    public void Trust_that_is_withdrawn_is_so_for_the_code_however_often_it_is_read_and_for_no_other_code()
    {
        var trust = Trusting("*");
        var given = trust.Of(Bundle("beta"))!;
        var another = Bundle("beta");
        Assert.NotNull(trust.Of(another));
        Assert.True(given.Withdraw());
        Assert.False(given.Withdraw());
        Assert.Null(trust.Of(Bundle("beta")));
        Assert.Null(trust.Of(another));
        Assert.NotNull(trust.Of(Bundle("alpha")));
        Assert.NotNull(Trusting("*").Of(Bundle("beta")));
    }

    [Fact]
    public void A_zygote_may_execute_libraries_only_where_each_run_has_a_process_and_the_version_no_environment()
    {
        var run = new Run("id", "path", Bundle("beta"), RunMode.Execute, Isolation.Process, "{}"u8.ToArray(), Stream: false)
        {
            LibrariesAhead = Trusting("*").Of(Bundle("beta")),
        };
        Assert.True(run.MayExecuteAhead);
        Assert.False((run with { Isolation = Isolation.Shared }).MayExecuteAhead);
        Assert.False((run with { Isolation = Isolation.Sandbox }).MayExecuteAhead);
        Assert.False((run with { Settings = new RunSettings { SecretsInEnv = true } }).MayExecuteAhead);
        Assert.False((run with { Settings = new RunSettings { Env = NamedTexts.Of([new("CONFIG_DIR", "/tmp")]) } }).MayExecuteAhead);
        run.LibrariesAhead!.Withdraw();
        Assert.False(run.MayExecuteAhead);
    }

    /// <summary>Code as the bundler makes it of a script with these libraries.</summary>
    public static ScriptCode Bundle(params string[] libraries)
    {
        var lines = string.Join("\n", libraries.Select(library => $"  '{library}@1.0.0':\n    resolution: {{integrity: sha512-AA==}}\n"));
        var @lock = $"lockfileVersion: '9.0'\n\nsettings:\n\nimporters:\n\n  .: {{}}\n\npackages:\n\n{lines}\nsnapshots:\n";
        return ScriptCode.Of(Language.TypeScript, $"import 'npm:{libraries[0]}'").With(@lock) with
        {
            Compiled = new CompiledJavaScript("", "{}") { HasPause = true },
        };
    }

    private static BundleTrust Trusting(params string[] trusted) => new([.. trusted.Select(text => NamePattern.Parse(text)!)]);
}
