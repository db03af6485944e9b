using Faas.Cli.Commands.Scripts;

namespace Faas.Cli.Tests.Pure;

public sealed class LockTextTests
{
    [Fact]
    public void The_libraries_of_a_lock_of_pip_are_named() => Assert.Equal(
        ["numpy 2.1.0", "ruamel-yaml 0.18.6.post1"],
        LockText.LibrariesOf("numpy==2.1.0 --hash=sha256:00\nruamel-yaml==0.18.6.post1 --hash=sha256:11\n"));

    [Fact]
    public void The_libraries_of_a_lock_of_pnpm_are_named_once() => Assert.Equal(
        ["@acme/tool 1.0.0-rc.1", "zod 4.1.2"],
        LockText.LibrariesOf(
            """
            lockfileVersion: '9.0'

            importers:

              .:
                dependencies:
                  zod:
                    specifier: ^4
                    version: 4.1.2

            packages:

              '@acme/tool@1.0.0-rc.1':
                resolution: {integrity: sha512-x}
                peerDependencies:
                  zod@4: '*'

              zod@4.1.2:
                resolution: {integrity: sha512-y}

            snapshots:

              '@acme/tool@1.0.0-rc.1(zod@4.1.2)':
                dependencies:
                  zod: 4.1.2

              zod@4.1.2: {}

            """));

    [Fact]
    public void Another_text_names_none() => Assert.Empty(LockText.LibrariesOf("zod 4.1.2\npackages:\n  zod@4.1.2:\n"));
}
